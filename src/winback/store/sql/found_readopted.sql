-- The same of readopted.
select id, 'case' as made, product, uid, merchant_name, region, gmv, revenue, owner_name, owner_email, churned_at, arm, credit,
    cast(null as text) as kind, closed_at as since_at, closed_at - churned_at as length
from credited
where closed_at is not null and voided_at is null and
{{of_owner}}
