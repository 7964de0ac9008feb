-- The history as one pull left it (rules.md R1.2): the accounts of its report, and those that are not in it.
-- $kept_report: the cleaned report of that pull; $absent: the other accounts. $at: the moment of that pull.
-- known_at: the last moment at which the flag was known, by a row or, where absence tells, by absence.
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled, other_columns,
    true            as in_last_report,
    cast($at as bigint) as last_seen_at,
    cast($at as bigint) as known_at
from $kept_report
where reason is null
union all
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled, other_columns,
    in_last_report, last_seen_at, known_at
from $absent
