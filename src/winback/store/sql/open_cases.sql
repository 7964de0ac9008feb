insert into cases (
    product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, other_columns, churned_at, baseline, silent, arm, holdout_share,
    opened_by_id
)
select %(product)s, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, other_columns, moved_at, %(baseline)s, %(silent)s, arm,
    cast(%(share)s as double precision), %(pull)s
from staged_changes
where kind = 'churn'
order by uid
