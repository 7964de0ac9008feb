-- The same of cases without turns, and new adoptions, in all periods at once, which follow each other: what they count as is the same in
-- whichever period it is asked. Parameters: from, where the first period begins; at, the last moment that has passed; now; periods, see
-- columns.py.
with
whole as (
    select churned_at, readopted_at, next_churned_at, engaged_at, gmv, revenue,
        case when readopted_at < aged_at then null else aged_at end                     as lost_at
    from (select *, csm as owner, churned_at + %(lost_after)s as aged_at from cases) as aged
    where turns = 0 and voided_at is null and churned_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
),
happened as (
    select 'churns' as kind, null as credit, churned_at as since_at, gmv, revenue from whole
    union all
    select 'losses', case when engaged_at < lost_at then 'csm' else 'self_service' end, lost_at, gmv, revenue from whole
    union all
    select 'win_backs', case when engaged_at is not null then 'assisted' else 'self_service' end, readopted_at, gmv, revenue from whole
    union all
    select 'rechurned', null, readopted_at, gmv, revenue from whole where next_churned_at <= %(now)s
    union all
    select 'new_adoptions', null, won_at, gmv, revenue
    from (select *, csm as owner from adoptions) as adopted
    where (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
)
select period_of(since_at) as period, kind, credit, null as claim, count(*), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from happened
where since_at >= %(from)s and since_at <= %(at)s
group by period, kind, credit
