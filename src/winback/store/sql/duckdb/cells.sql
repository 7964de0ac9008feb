-- The latest cases of a moment, counted by all that its figures tell apart: of these few rows they are added up. days_old, engaged_on: the
-- first, second, third day of 24 hours after the churn, else 3, that the case is in, and was engaged on. Comes after newest.sql.
create or replace temp table cells as
with
{{credited}}
select status, region, owner, credit, credit_csm, claim, verdict,
{{band}},
    case
        when %(at)s - churned_at >= %(h72)s then 3
        when %(at)s - churned_at >= %(h48)s then 2
        when %(at)s - churned_at >= %(h24)s then 1
        else 0
    end                                                                                 as days_old,
    case
        when engaged_at is null then null
        when engaged_at - churned_at <= %(h24)s then 0
        when engaged_at - churned_at <= %(h48)s then 1
        when engaged_at - churned_at <= %(h72)s then 2
        else 3
    end                                                                                 as engaged_on,
    count(*) as accounts, coalesce(sum(gmv), 0) as gmv, coalesce(sum(revenue), 0)       as revenue
from credited
group by status, region, owner, credit, credit_csm, claim, verdict, band, days_old, engaged_on
