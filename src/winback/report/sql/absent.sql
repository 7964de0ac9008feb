-- The accounts of the history (`moved`) that are not in the report (rules.md R1.2, R2.2, R2.3, R3.4). $at: the moment of the pull.
select
    moved.uid, merchant_name, csm_name, csm_email, region, gmv, revenue,
    moves.after                                                                 as is_product_enabled,
    other_columns,
    is_rejected and in_last_report                                              as in_last_report,
    last_seen_at,
    case when moves.after <> moved.is_product_enabled then cast($at as bigint) else known_at end as known_at
from moved join moves on moves.uid = moved.uid
where moves.is_absent
order by moved.uid
