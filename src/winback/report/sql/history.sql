-- The history as one pull left it (rules.md R1.2): the accounts of its report, and those that are not in it.
-- $report: see report.sql and whole_report.sql. $absent: the accounts that are not in it. $at: the moment of that pull.
-- known_at: the last moment at which the flag was known, by a row or, where absence tells, by absence.
-- row_hash, raw_hash: see met.sql and beside.sql. is_in_base: a row that need not be written again where the report says the same;
-- one with an amount that can't be read is written, to be counted.
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled, other_columns,
    true                                                                        as in_last_report,
    cast($at as bigint)                                                         as last_seen_at,
    cast($at as bigint)                                                         as known_at,
    row_hash, raw_hash, is_in_base
from ($report) as report
where reason is null
union all
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled, other_columns,
    in_last_report, last_seen_at, known_at, cast(null as bigint), cast(null as bigint), false
from $absent
