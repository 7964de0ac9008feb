-- What happened in a period [from, until) (rules.md R7.7) to cases with turns: churns, win-backs and losses by their moments, and the
-- win-backs churned again since, up to `now`; win-backs and losses by credit. Parameters: at, the last moment of the period that has passed;
-- from, now. Comes after moved.sql and newest.sql.
with
{{credited_cases}},
happened as (
    select 'churns' as kind, null as credit, null as claim, gmv, revenue from credited_cases where churned_at >= %(from)s
    union all
    select 'losses', loss_credit::text, case when said_at is not null then 'lost' end, gmv, revenue
    from credited_cases where lost_at >= %(from)s
    union all
    select 'win_backs', win_credit::text, null, gmv, revenue from credited_cases where closed_at >= %(from)s
    union all
    select 'rechurned', null, null, gmv, revenue from credited_cases where closed_at >= %(from)s and next_churned_at <= %(now)s
)
select kind, credit, claim, count(*), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from happened
group by kind, credit, claim
