insert into worths (case_id, since_at, gmv, revenue, pull_id)
select cases.id, %(at)s, staged_updates.gmv, staged_updates.revenue, %(pull)s
from staged_updates
join cases on cases.product = %(product)s and cases.uid = staged_updates.uid and readopted_at is null
where has_new_worth
