-- Every figure of rules.md R7.1–R7.3 at a moment: accounts, GMV and revenue by what they are, credit and the newest claim, region, and the
-- band of their age: of the rows of cells.sql, and of the new adoptions that are their account's latest episode.
with
{{figured}},
adopted as (
    select region, gmv, revenue,
{{band}}
    from (select *, csm as owner, won_at as since_at from adoptions) as new
    where won_at <= %(at)s and (churned_at is null or churned_at > %(at)s)
        and (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
),
counted as (
    select kind, band, region, credit, claim, verdict, sum(accounts) as accounts, sum(gmv) as gmv, sum(revenue) as revenue
    from figured
    group by kind, band, region, credit, claim, verdict
    union all
    select 'new_adoption', band, region, null, null, null, count(*), coalesce(sum(gmv), 0), coalesce(sum(revenue), 0)
    from adopted
    group by band, region
)
select kind, band, coalesce(name, ''), credit, claim, verdict, accounts, gmv, revenue
from counted
join regions on regions.region = counted.region
