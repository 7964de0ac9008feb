-- What happened in periods [begun, until) (rules.md R7.7) to cases with turns: churns, win-backs and losses by their moments, and the
-- win-backs churned again since, up to `now`; win-backs and losses by credit. Comes after moved_cases.sql and newest.sql; at is a column,
-- asked_at: the last moment of the period that has passed.
with
{{credited_cases}},
happened as (
    select period, 'churns' as kind, null as credit, null as claim, gmv, revenue from credited_cases where churned_at >= begun
    union all
    select period, 'losses', loss_credit::text, case when said_at is not null then 'lost' end, gmv, revenue
    from credited_cases where lost_at >= begun
    union all
    select period, 'win_backs', win_credit::text, null, gmv, revenue from credited_cases where closed_at >= begun
    union all
    select period, 'rechurned', null, null, gmv, revenue from credited_cases where closed_at >= begun and next_churned_at <= %(now)s
)
select period, kind, credit, claim, count(*), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from happened
group by period, kind, credit, claim
