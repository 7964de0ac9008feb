-- The latest cases of a moment, counted by all that its figures tell apart: of these few rows they are added up. contact: 0 to 3 where the
-- case was engaged within 24, 48, 72 hours of the churn, or later; 4 to 7 where it was not, and is younger than that, or older. Comes after
-- newest.sql.
create or replace temp table cells as
with
{{credited}}
select status, region, owner, credit, credit_csm, claim, verdict,
{{band}},
    case
        when engaged_at is null then case
            when churned_at <= %(at)s - %(h72)s then 7
            when churned_at <= %(at)s - %(h48)s then 6
            when churned_at <= %(at)s - %(h24)s then 5
            else 4
        end
        when engaged_at <= churned_at + %(h24)s then 0
        when engaged_at <= churned_at + %(h48)s then 1
        when engaged_at <= churned_at + %(h72)s then 2
        else 3
    end                                                                                 as contact,
    count(*) as accounts, coalesce(sum(gmv), 0) as gmv, coalesce(sum(revenue), 0)       as revenue
from credited
group by status, region, owner, credit, credit_csm, claim, verdict, band, contact
