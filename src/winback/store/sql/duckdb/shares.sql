-- What cases come to for each CSM (rules.md R7.5): whose they are, and whose the credit is.
with
{{figured}},
shares as (
    select 'owner' as part, kind, null as credit, null as claim, owner as csm,
        count(*) as accounts, coalesce(sum(gmv), 0) as gmv, coalesce(sum(revenue), 0)   as revenue
    from figured
    where kind <> 'new_adoption'
    group by kind, owner
    union all
    select 'credit', kind, credit, claim, credit_csm, count(*), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
    from figured
    where kind in ('churned', 'win_back')
    group by kind, credit, claim, credit_csm
)
select part, kind, credit, claim, csm_key, csm_name, csm_email, accounts, gmv, revenue
from shares
join csms on csms.csm = shares.csm
