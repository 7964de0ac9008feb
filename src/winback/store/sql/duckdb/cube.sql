-- Every figure of rules.md R7.1–R7.3 at a moment: accounts, GMV and revenue by what they are, credit and the newest claim, region, and the
-- band of their age. band: 0 for at most 24 h … 6 for over 90 days (R7.2); parameters h24 … d90.
with
{{figured}},
cells as (
    select kind, region, credit, claim, verdict,
        case
            when %(at)s - since_at <= %(h24)s then 0
            when %(at)s - since_at <= %(h48)s then 1
            when %(at)s - since_at <= %(h72)s then 2
            when %(at)s - since_at <= %(d30)s then 3
            when %(at)s - since_at <= %(d60)s then 4
            when %(at)s - since_at <= %(d90)s then 5
            else 6
        end                                                                             as band,
        count(*) as accounts, coalesce(sum(gmv), 0) as gmv, coalesce(sum(revenue), 0)   as revenue
    from figured
    group by kind, region, credit, claim, verdict, band
)
select kind, band, coalesce(name, ''), credit, claim, verdict, accounts, gmv, revenue
from cells
join regions on regions.region = cells.region
