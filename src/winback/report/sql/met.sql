-- What is kept of a report: its cleaned rows as they stand beside the history. $cleaned: see clean.sql.
-- $row_hash: see row_hash.sql. base_hash: that of the row in the base, where there is one.
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    reason, unreadable_amounts, row_hash, raw_hash, is_listed, is_known,
    known_hash is distinct from row_hash                                        as is_changed,
    was_enabled, was_in_last_report,
    case when is_in_base then known_hash end                                    as base_hash
from (
    select *,
        $row_hash                                                               as row_hash
    from $cleaned
) as hashed
