-- The report (`cleaned`) meets the history (`t1`), account by account; the result is kept, as what the report said (`met`).
-- With a base (see history.sql) a row that stands there just so is not written again.
-- is_listed: a row of the report, else one of the history whose account no row of the report has. is_known: in the history.
-- row_hash: of all mapped values; others_hash: of the other columns. base_hash: of the row in the base, for rows that are there.
-- $writes_all: there is no base. $left_out: false, by which the engine may count the rows that it is asked for.
select
    coalesce(t2.uid, t1.uid)                                                    as uid,
    merchant_name, csm_name, csm_email, region, gmv, revenue, currency,
    t2.is_product_enabled, changed_at, other_columns, reason, unreadable_amounts,
    t2.row_hash, t2.others_hash,
    t2.row_hash is not null                                                     as is_listed,
    t1.uid is not null                                                          as is_known,
    t1.row_hash is distinct from t2.row_hash                                    as is_changed,
    t1.is_product_enabled                                                       as was_enabled,
    t1.in_last_report                                                           as was_in_last_report,
    case when t1.is_in_base and not $writes_all then t1.row_hash end            as base_hash
from (
    select *,
        cast(hash(
            uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, reason
        ) >> 1 as bigint)                                                       as row_hash,
        cast(hash(other_columns) >> 1 as bigint)                                as others_hash
    from cleaned
) as t2
full join (
    select uid, is_product_enabled, in_last_report, row_hash, others_hash, is_in_base from t1
) as t1 on t1.uid = t2.uid
where case
    when $writes_all or t1.uid is null or t2.row_hash is null or not t1.is_in_base
        or t1.row_hash <> t2.row_hash or t1.others_hash <> t2.others_hash
        or t2.reason is not null or t2.unreadable_amounts > 0
    then true
    else $left_out
end
