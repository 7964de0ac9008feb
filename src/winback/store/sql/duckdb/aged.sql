-- Of the latest cases, by region and owner: how many are at least 24, 48, 72 hours old or engaged, and how many were engaged within so
-- many (rules.md R7.4).
with
aged as (
    select region, owner,
        sum(accounts) filter (contact <= 3 or contact >= 5)                             as old_24,
        sum(accounts) filter (contact <= 3 or contact >= 6)                             as old_48,
        sum(accounts) filter (contact <= 3 or contact >= 7)                             as old_72,
        sum(accounts) filter (contact = 0)                                              as within_24,
        sum(accounts) filter (contact <= 1)                                             as within_48,
        sum(accounts) filter (contact <= 2)                                             as within_72
    from cells
    group by region, owner
)
select coalesce(name, ''), csm_key, coalesce(old_24, 0), coalesce(old_48, 0), coalesce(old_72, 0),
    coalesce(within_24, 0), coalesce(within_48, 0), coalesce(within_72, 0)
from aged
join regions on regions.region = aged.region
join csms on csms.csm = owner
