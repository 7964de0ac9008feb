-- Time since churn over at_risk and turnover time over the win-backs in wins (rules.md R7.4), in microseconds:
-- count, mean, and the one or two values in the middle.
with
{{episodes}},
lengths as (
    select 'at_risk' as kind, %(at)s - churned_at as length from episodes where status = 'at_risk' and
{{of_owner}}
    union all
    select 'turnover', closed_at - churned_at from episodes where status = 'won' and
{{of_owner}}
),
ranked as (
    select kind, length, row_number() over (partition by kind order by length) as nth, count(*) over (partition by kind) as many
    from lengths
)
select kind, count(*) as many, avg(length) as mean, avg(case when nth in ((many + 1) / 2, (many + 2) / 2) then length end) as median
from ranked
group by kind
