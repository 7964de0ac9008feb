-- Of drawn cases at least 30 days old, as they were drawn (rules.md R6.6), by arm and share of the holdout: cases, those back within 30 days,
-- the same of each account's first drawn case alone, the newest churn, and revenue.
-- Parameter: watched, the 30 days.
with
{{known}}
select arm, holdout_share, count(*), count(*) filter (is_back), count(*) filter (is_first), count(*) filter (is_first and is_back),
    max(churned_at), coalesce(sum(revenue), 0)
from (select *, readopted_at <= churned_at + %(watched)s as is_back from known) as drawn
where arm is not null and churned_at <= %(at)s - %(watched)s and
{{of_owner}}
group by arm, holdout_share
