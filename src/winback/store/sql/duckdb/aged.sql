-- Of the latest cases, by region and owner: how many are at least 24, 48, 72 hours old or engaged, and how many were engaged within so
-- many (rules.md R7.4).
with
aged as (
    select region, owner,
        count(*) filter (%(at)s - churned_at >= %(h24)s or engaged_at is not null)      as old_24,
        count(*) filter (%(at)s - churned_at >= %(h48)s or engaged_at is not null)      as old_48,
        count(*) filter (%(at)s - churned_at >= %(h72)s or engaged_at is not null)      as old_72,
        count(*) filter (engaged_at - churned_at <= %(h24)s)                            as within_24,
        count(*) filter (engaged_at - churned_at <= %(h48)s)                            as within_48,
        count(*) filter (engaged_at - churned_at <= %(h72)s)                            as within_72
    from credited
    group by region, owner
)
select coalesce(name, ''), csm_key, old_24, old_48, old_72, within_24, within_48, within_72
from aged
join regions on regions.region = aged.region
join csms on csms.csm = owner
