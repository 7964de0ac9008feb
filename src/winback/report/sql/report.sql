-- What a pull read, whole: what it wrote of it, and the rows of the base that stood in the report just so. See history.sql.
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    reason, unreadable_amounts, row_hash, raw_hash, false as is_in_base
from $written
where is_listed
union all
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    reason, unreadable_amounts, row_hash, raw_hash, unreadable_amounts = 0
from $base as base
where is_listed and reason is null
    and not exists (select 1 from $written as written where written.uid = base.uid)
