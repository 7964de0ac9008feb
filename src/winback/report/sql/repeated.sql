-- UIDs with several rows, and whether those rows all map to the same values (rules.md R3.3).
select
    uid,
    count(distinct hash(merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at)) > 1
        as is_conflict
from cleaned
where uid in (select uid from cleaned where uid is not null group by uid having count(*) > 1)
group by uid
