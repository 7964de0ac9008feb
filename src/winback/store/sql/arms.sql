-- Drawn cases at least 30 days old, as they were drawn (rules.md R6.6): by share of the holdout, arm, and whether they are the first drawn
-- case of their account; cases, those back within 30 days, the newest churn, and revenue in two parts as in cube.sql.
-- Parameters: watched, the 30 days; firsts, whether firsts are to be told apart.
with
{{followed}}
select holdout_share, arm, is_first, count(*), sum(is_back), max(churned_at),
    coalesce(sum(revenue / 1000000000), 0), coalesce(sum(revenue %% 1000000000), 0)
from (
    select followed.*,
        case when closed_at - churned_at <= %(watched)s then 1 else 0 end                               as is_back,
        case when %(firsts)s and exists (
            select 1 from cases earlier
            where earlier.product = followed.product and earlier.uid = followed.uid and earlier.churned_at < followed.churned_at
                and earlier.arm is not null and earlier.voided_at is null
        ) then 0 else 1 end                                                                             as is_first
    from followed
    where arm is not null and churned_at <= %(at)s - %(watched)s
) as drawn
where
{{of_owner}}
group by holdout_share, arm, is_first
