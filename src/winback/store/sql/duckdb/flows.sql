-- What happened in a period [from, until) (rules.md R7.7): churns, win-backs, new adoptions, losses by their moments, and the win-backs
-- churned again since, up to `now`; win-backs and losses by credit. Parameters: at, the last moment of the period that has passed; from, now.
with
{{credited_cases}},
recent as materialized (
    select churned_at, closed_at, lost_at, next_churned_at, said_at, win_credit, loss_credit, gmv, revenue
    from credited_cases
    where churned_at >= %(from)s or closed_at >= %(from)s or lost_at >= %(from)s
),
moved as (
    select 'churns' as kind, null as credit, null as claim, gmv, revenue from recent where churned_at >= %(from)s
    union all
    select 'losses', loss_credit::text, case when said_at is not null then 'lost' end, gmv, revenue from recent where lost_at >= %(from)s
    union all
    select 'win_backs', win_credit::text, null, gmv, revenue from recent where closed_at >= %(from)s
    union all
    select 'rechurned', null, null, gmv, revenue from recent where closed_at >= %(from)s and next_churned_at <= %(now)s
    union all
    select 'new_adoptions', null, null, gmv, revenue from (select *, csm as owner from adoptions) as adopted
    where won_at >= %(from)s and won_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
)
select kind, credit, claim, count(*), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from moved
group by kind, credit, claim
