-- Every figure of rules.md R7.1–R7.3 and R7.5 at a moment, from one look at the episodes: accounts, GMV and revenue by what they are,
-- credit, region, owner and the band of their age. band: 0 for at most 24 h … 6 for over 90 days (R7.2); parameters h24 … d90.
-- Sums come in two parts (billions of ten-thousandths, and the rest), since a sum of very large amounts would not fit into one.
with
{{episodes}},
figures as (
    select 'at_risk' as kind, churned_at as since_at, region, owner_name, owner_email, gmv, revenue from episodes where status = 'at_risk'
    union all
    select 'churned', lost_at, region, owner_name, owner_email, gmv, revenue from episodes where status = 'lost'
    union all
    select 'win_back', closed_at, region, owner_name, owner_email, gmv, revenue from episodes where status = 'won'
    union all
    select 'new_adoption', won_at, region, csm_name, csm_email, gmv, revenue from adopted
),
banded as (
    select figures.*, coalesce(region, '') as region_key, coalesce(lower(owner_email), owner_name, '') as csm_key,
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
select kind, band, region_key, csm_key, min(owner_name) as csm_name, min(owner_email) as csm_email, count(*) as accounts,
    coalesce(sum(gmv / 1000000000), 0), coalesce(sum(gmv %% 1000000000), 0),
    coalesce(sum(revenue / 1000000000), 0), coalesce(sum(revenue %% 1000000000), 0)
from banded
group by kind, band, region_key, csm_key
