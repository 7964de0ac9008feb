-- Tells rows apart by their mapped values, with 63 bits.
cast(hash(
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, reason
) >> 1 as bigint)
