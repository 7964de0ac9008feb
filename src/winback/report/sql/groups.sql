-- Regions and CSMs with more than $over accounts enabled in the last applied report, and how many of them churned or went missing (R3.11).
with concerned as (
    select uid from moves where kind = 'churn' or is_missing
),
members as (
    select 'region' as dimension, region as name, uid from t1 where in_last_report and is_product_enabled
    union all
    select 'CSM', coalesce(lower(csm_email), csm_name), uid from t1 where in_last_report and is_product_enabled
)
select dimension, name, count(concerned.uid) as counted, count(*) as total
from members left join concerned on concerned.uid = members.uid
where name is not null
group by dimension, name
having count(*) > $over and count(concerned.uid) > 0
order by dimension, name
