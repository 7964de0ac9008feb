-- The same of cases without turns, and new adoptions, in all periods at once, which follow each other: what they count as is the same in
-- whichever period it is asked. counted: by all that tells them apart, so that the period of a moment is looked up once. Parameters: at,
-- the last moment that has passed; now; periods, see columns.py.
with
whole as (
    select churned_at, readopted_at, next_churned_at, engaged_at, gmv, revenue,
        case when readopted_at < aged_at then null else aged_at end                     as lost_at
    from (select *, csm as owner, churned_at + %(lost_after)s as aged_at from cases) as aged
    where turns = 0 and voided_at is null and churned_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
        and is_seen(arm, churned_at) and
{{of_owner}}
),
dated as (
    select period_of(churned_at)                                                        as churned_in,
        case when lost_at <= %(at)s then period_of(lost_at) end                         as lost_in,
        case when readopted_at <= %(at)s then period_of(readopted_at) end               as back_in,
        coalesce(engaged_at < lost_at, false)                                           as is_loss_of_csm,
        engaged_at is not null                                                          as is_assisted,
        coalesce(next_churned_at <= %(now)s, false)                                     as is_off_again,
        gmv, revenue
    from whole
),
counted as materialized (
    select churned_in, lost_in, back_in, is_loss_of_csm, is_assisted, is_off_again,
        count(*) as accounts, sum(gmv) as gmv, sum(revenue)                             as revenue
    from dated
    group by all
),
happened as (
    select churned_in as period, 'churns' as kind, null as credit, accounts, gmv, revenue from counted
    union all
    select lost_in, 'losses', case when is_loss_of_csm then 'csm' else 'self_service' end, accounts, gmv, revenue from counted
    union all
    select back_in, 'win_backs', case when is_assisted then 'assisted' else 'self_service' end, accounts, gmv, revenue from counted
    union all
    select back_in, 'rechurned', null, accounts, gmv, revenue from counted where is_off_again
    union all
    select period_of(won_at), 'new_adoptions', null, count(*), sum(gmv), sum(revenue)
    from (select *, csm as owner from adoptions) as adopted
    where won_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
    group by period_of(won_at)
)
select period, kind, credit, null as claim, sum(accounts), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from happened
where period is not null
group by period, kind, credit
