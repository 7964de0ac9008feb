-- Of the latest cases, by region and owner: how many are at least 24, 48, 72 hours old or engaged, and how many were engaged within so
-- many (rules.md R7.4).
with
{{episodes}},
{{credit}}
select coalesce(region, '') as region_key, coalesce(lower(owner_email), owner_name, '') as csm_key,
    count(case when %(at)s - churned_at >= %(h24)s or engaged_at is not null then 1 end),
    count(case when %(at)s - churned_at >= %(h48)s or engaged_at is not null then 1 end),
    count(case when %(at)s - churned_at >= %(h72)s or engaged_at is not null then 1 end),
    count(case when to_engage <= %(h24)s then 1 end),
    count(case when to_engage <= %(h48)s then 1 end),
    count(case when to_engage <= %(h72)s then 1 end)
from credited as episode
where
{{of_owner}}
    and
{{latest}}
group by region_key, csm_key
