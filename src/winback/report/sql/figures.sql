-- What the guard looks at (rules.md R3.9, R3.10), in accounts; see known.sql for what it is counted against.
select
    count(*) filter (where is_missing)                                          as missing,
    count(*) filter (where kind = 'churn')                                      as churned,
    count(*) filter (where kind = 'churn' and was_in_last_report)               as churned_of_last_report,
    count(*) filter (where kind = 'win')                                        as won
from moves
