-- New adoptions. called: as of cases; churned_at: of the account's first case.
create table fresh_adoptions as
with churned as (
    select product, uid, min(churned_at) as churned_at from read_cases where voided_at is null group by product, uid
)
select id, read_adoptions.product, read_adoptions.uid, lower(coalesce(merchant_name, read_adoptions.uid)) as called, regions.region, csms.csm, gmv,
    revenue, won_at, churned_at
from read_adoptions
join csms on csms.csm_name is not distinct from read_adoptions.csm_name and csms.csm_email is not distinct from read_adoptions.csm_email
join regions on regions.name is not distinct from read_adoptions.region
left join churned on churned.product = read_adoptions.product and churned.uid = read_adoptions.uid
