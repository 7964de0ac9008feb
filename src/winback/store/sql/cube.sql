-- Every figure of rules.md R7.1–R7.3 and R7.5 at a moment, from one look at the episodes: accounts, GMV and revenue by what they are,
-- credit and the newest claim, region, owner, whom the credit belongs to, and the band of their age. band: 0 for at most 24 h … 6 for over
-- 90 days (R7.2); parameters h24 … d90.
with
{{episodes}},
{{credit}},
figures as (
    select
        case status when 'at_risk' then 'at_risk' when 'lost' then 'churned' else 'win_back' end         as kind,
        case status when 'at_risk' then churned_at when 'lost' then lost_at else closed_at end           as since_at,
        region, owner_name, owner_email, gmv, revenue, credit, credit_name, credit_email, claim, verdict
    from credited as episode
    where
{{latest}}
    union all
    select 'new_adoption', won_at, region, csm_name, csm_email, gmv, revenue, null, null, null, null, null from adopted
),
banded as (
    select figures.*, coalesce(region, '') as region_key, coalesce(lower(owner_email), owner_name, '') as csm_key,
        coalesce(lower(credit_email), credit_name, '') as credit_key,
        case
            when %(at)s - since_at <= %(h24)s then 0
            when %(at)s - since_at <= %(h48)s then 1
            when %(at)s - since_at <= %(h72)s then 2
            when %(at)s - since_at <= %(d30)s then 3
            when %(at)s - since_at <= %(d60)s then 4
            when %(at)s - since_at <= %(d90)s then 5
            else 6
        end as band
    from figures
    where
{{of_owner}}
)
select kind, band, region_key, credit, claim, verdict,
    csm_key, min(owner_name) as csm_name, min(owner_email) as csm_email,
    credit_key, min(credit_name) as credit_name, min(credit_email) as credit_email,
    count(*) as accounts,
    coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
from banded
group by kind, band, region_key, credit, claim, verdict, csm_key, credit_key
