-- What happened in a period [from, until) (rules.md R7.7): churns, win-backs, new adoptions, losses by their moments, and the win-backs
-- churned again since, up to `now`. Parameter at: the last moment of the period that has passed.
with
{{episodes}},
moved as (
    select 'churns' as kind, region, owner_name, owner_email, gmv, revenue from owned
    where voided_at is null and churned_at >= %(from)s
    union all
    select 'losses', region, owner_name, owner_email, gmv, revenue from owned
    where voided_at is null and lost_at >= %(from)s
    union all
    select 'win_backs', region, owner_name, owner_email, gmv, revenue from owned
    where voided_at is null and closed_at >= %(from)s
    union all
    select 'rechurned', region, owner_name, owner_email, gmv, revenue from owned
    where voided_at is null and closed_at >= %(from)s and exists (
        select 1 from cases newer
        where newer.product = owned.product and newer.uid = owned.uid and newer.voided_at is null
            and newer.churned_at >= owned.closed_at and newer.churned_at <= %(now)s and newer.id <> owned.id
    )
    union all
    select 'new_adoptions', region, csm_name, csm_email, gmv, revenue from adoptions
    where won_at >= %(from)s and won_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
)
select kind, count(*),
    coalesce(sum(gmv / 1000000000), 0), coalesce(sum(gmv %% 1000000000), 0),
    coalesce(sum(revenue / 1000000000), 0), coalesce(sum(revenue %% 1000000000), 0)
from moved
where
{{of_owner}}
group by kind
