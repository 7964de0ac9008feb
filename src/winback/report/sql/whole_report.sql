-- The same where the pull wrote its report whole.
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    reason, unreadable_amounts, row_hash, raw_hash, unreadable_amounts = 0 as is_in_base
from $written
where is_listed
