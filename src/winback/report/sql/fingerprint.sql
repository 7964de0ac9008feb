-- What a report was (`read`): rows, accounts, and the hashes of all rows added up, as met.sql makes them.
select
    count(*)                                                                    as rows,
    count(*) filter (where reason is null)                                      as accepted,
    coalesce(sum(cast(cast(hash(
        uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, reason
    ) >> 1 as bigint) as decimal(38, 0))), 0)                                   as total
from read
