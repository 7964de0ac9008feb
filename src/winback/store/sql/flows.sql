-- What happened in a period [from, until) (rules.md R7.7): churns, win-backs, new adoptions, losses by their moments, and the win-backs
-- churned again since, up to `now`; win-backs and losses by credit. Parameters: at, the last moment of the period that has passed;
-- credited_until, now: what a CSM says of a win-back after the period counts.
with
{{episodes}},
{{credit}},
moved as (
    select 'churns' as kind, cast(null as text) as credit, cast(null as text) as claim, region, owner_name, owner_email, gmv, revenue from owned
    where voided_at is null and churned_at >= %(from)s
    union all
    select 'losses', loss_credit, case when said_at is not null then 'lost' end, region, owner_name, owner_email, gmv, revenue from credited
    where voided_at is null and lost_at >= %(from)s
    union all
    select 'win_backs', win_credit, null, region, owner_name, owner_email, gmv, revenue from credited
    where voided_at is null and closed_at >= %(from)s
    union all
    select 'rechurned', null, null, region, owner_name, owner_email, gmv, revenue from owned
    where voided_at is null and closed_at >= %(from)s and exists (
        select 1 from cases newer
        where newer.product = owned.product and newer.uid = owned.uid and newer.voided_at is null
            and newer.churned_at >= owned.closed_at and newer.churned_at <= %(now)s and newer.id <> owned.id
    )
    union all
    select 'new_adoptions', null, null, region, csm_name, csm_email, gmv, revenue from adoptions
    where won_at >= %(from)s and won_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
)
select kind, credit, claim, count(*),
    coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from moved
where
{{of_owner}}
group by kind, credit, claim
