-- Of drawn cases at least 30 days old, as they were drawn (rules.md R6.6), by arm and share of the holdout: cases, those back within 30 days,
-- the same of each account's first drawn case alone, the newest churn, and revenue.
-- Parameters: watched, the 30 days; firsts, whether first cases are asked for.
select arm, holdout_share, count(*), sum(is_back), sum(is_first), sum(is_first * is_back), max(churned_at),
    coalesce(sum(revenue), 0)
from (
    select followed.*,
        case when closed_at - churned_at <= %(watched)s then 1 else 0 end                               as is_back,
        case when %(firsts)s and not exists (
            select 1 from cases earlier
            where earlier.product = followed.product and earlier.uid = followed.uid and earlier.churned_at < followed.churned_at
                and earlier.arm is not null and earlier.voided_at is null
        ) then 1 else 0 end                                                                             as is_first
    from followed
    where arm is not null and churned_at <= %(at)s - %(watched)s
) as drawn
where
{{of_owner}}
group by arm, holdout_share
