-- Regions and CSMs with more than $over accounts enabled in the last applied report, and how many of them churned or went missing (R3.11).
with enabled as (
    select region, csm_email, csm_name, count(*) as total
    from t1
    where in_last_report and is_product_enabled
    group by region, csm_email, csm_name
),
gone as (
    select region, csm_email, csm_name, count(*) as counted
    from moved
    where in_last_report and is_product_enabled
        and exists (select 1 from moves where moves.uid = moved.uid and (kind = 'churn' or is_missing))
    group by region, csm_email, csm_name
),
members as (
    select 'region' as dimension, region as name, total, 0 as counted from enabled
    union all
    select 'CSM', coalesce(lower(csm_email), csm_name), total, 0 from enabled
    union all
    select 'region', region, 0, counted from gone
    union all
    select 'CSM', coalesce(lower(csm_email), csm_name), 0, counted from gone
)
select dimension, name, cast(sum(counted) as bigint) as counted, cast(sum(total) as bigint) as total
from members
where name is not null
group by dimension, name
having sum(total) > $over and sum(counted) > 0
order by dimension, name
