-- How many latest cases are at least 24, 48 and 72 hours old (rules.md R7.4).
with
{{episodes}}
select
    count(case when %(at)s - churned_at >= %(h24)s then 1 end),
    count(case when %(at)s - churned_at >= %(h48)s then 1 end),
    count(case when %(at)s - churned_at >= %(h72)s then 1 end)
from episodes
where
{{of_owner}}
