-- What was read, repeated rows counted once: accounts, rejected rows, warnings, currencies, and a fingerprint that does not depend on the order (R3.14).
select
    count(*) filter (where reason is null)                    as accepted,
    count(*) filter (where reason is not null)                as rejected,
    coalesce(sum(unreadable_amounts), 0)                as unreadable_amounts,
    count(distinct currency)                            as currencies,
    min(currency)                                       as a_currency,
    max(currency)                                       as another_currency,
    coalesce(sum(cast(
        hash(uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, reason)
        as hugeint)), 0)                                as fingerprint
from checked
