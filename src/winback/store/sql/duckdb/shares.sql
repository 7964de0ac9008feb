-- What cases come to for each CSM (rules.md R7.5): whose they are, and whose the credit is.
with
{{figured}},
shares as (
    select 'owner' as part, kind, null as credit, null as claim, owner as csm,
        sum(accounts) as accounts, sum(gmv) as gmv, sum(revenue)                        as revenue
    from figured
    group by kind, owner
    union all
    select 'credit', kind, credit, claim, credit_csm, sum(accounts), sum(gmv), sum(revenue)
    from figured
    where kind in ('churned', 'win_back')
    group by kind, credit, claim, credit_csm
)
select part, kind, credit, claim, csm_key, csm_name, csm_email, accounts, gmv, revenue
from shares
join csms on csms.csm = shares.csm
