-- A win without an open case is a new adoption (rules.md §1); comes before close_cases.
insert into adoptions (product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, other_columns, won_at, pull_id)
select %(product)s, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, other_columns, moved_at, %(pull)s
from staged_changes
where kind = 'win' and not exists (
    select 1 from cases where cases.product = %(product)s and cases.uid = staged_changes.uid and readopted_at is null
)
order by uid
