-- What the guard looks at (rules.md R3.9, R3.10), in accounts.
select
    (select count(*) from t1 where in_last_report)                              as in_last_report,
    (select count(*) from t1 where in_last_report and is_product_enabled)       as enabled_in_last_report,
    count(*) filter (where is_missing)                                                   as missing,
    count(*) filter (where kind = 'churn')                                               as churned,
    count(*) filter (where kind = 'churn' and was_in_last_report)                        as churned_of_last_report,
    count(*) filter (where kind = 'win')                                                 as won
from moves
