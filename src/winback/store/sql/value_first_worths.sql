-- The report that opens a case may show other amounts than the frozen ones (rules.md R2.7).
insert into worths (case_id, since_at, gmv, revenue, pull_id)
select cases.id, %(at)s, gmv_now, revenue_now, %(pull)s
from staged_changes
join cases on cases.product = %(product)s and cases.uid = staged_changes.uid and cases.opened_by_id = %(pull)s
where is_listed and (
    coalesce(cases.gmv <> gmv_now, (cases.gmv is null) <> (gmv_now is null))
    or coalesce(cases.revenue <> revenue_now, (cases.revenue is null) <> (revenue_now is null))
)
