-- The rows of the report beside the history (`t1`), account by account, but for those that stand in the base just so: they need
-- neither be cleaned nor written. $rows: the rows; $uid: their trimmed UID; $cells: their other columns.
-- raw_hash: of all cells as they stand in the report, and of how they are read; see history.sql for is_in_base.
-- is_listed: a row of the report, else one of the history whose account no row of the report has. is_known: in the history.
-- $writes_all: there is no base. $left_out: false, by which the engine may count the rows that it is asked for.
select
    coalesce(t2.trimmed_uid, t1.uid)                                            as uid,
    $cells,
    t2.raw_hash,
    t2.raw_hash is not null                                                     as is_listed,
    t1.uid is not null                                                          as is_known,
    t1.is_product_enabled                                                       as was_enabled,
    t1.in_last_report                                                           as was_in_last_report,
    t1.row_hash                                                                 as known_hash,
    coalesce(t1.is_in_base, false) and not $writes_all                          as is_in_base
from (select *, $uid as trimmed_uid from $rows) as t2
full join (
    select uid, is_product_enabled, in_last_report, row_hash, raw_hash, is_in_base from t1
) as t1 on t1.uid = t2.trimmed_uid
where case
    when $writes_all or t1.uid is null or t2.raw_hash is null or not t1.is_in_base or t1.raw_hash <> t2.raw_hash then true
    else $left_out
end
