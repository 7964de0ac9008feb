-- How many accounts the history has (`t1`), and how many of them were in the last report, and enabled there (rules.md R3.9, R3.10).
-- base_hash: the hashes of the rows that need not be written again, added up.
select
    count(*)                                                                    as accounts,
    count(*) filter (where in_last_report)                                      as in_last_report,
    count(*) filter (where in_last_report and is_product_enabled)               as enabled_in_last_report,
    coalesce(sum(case when is_in_base then cast(row_hash as decimal(38, 0)) end), 0) as base_hash
from t1
