-- Table wins: win-backs and new adoptions that are their account's latest episode.
with
{{episodes}},
{{credit}}
select product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, kind, won_at, churned_at, turnover, credit,
    credit_name, credit_email
from (
    select product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue,
        'win_back' as kind, closed_at as won_at, churned_at, closed_at - churned_at as turnover, credit, credit_name, credit_email,
        owner_name, owner_email
    from credited as episode
    where closed_at is not null and
{{latest}}
    union all
    select product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue,
        'new_adoption', won_at, null, null, null, null, null, csm_name, csm_email
    from adopted
) as won
where
{{of_owner}}
order by product, won_at, uid
