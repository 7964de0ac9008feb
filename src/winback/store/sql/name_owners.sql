insert into owners (case_id, since_at, csm_name, csm_email, pull_id)
select cases.id, %(at)s, staged_updates.csm_name, staged_updates.csm_email, %(pull)s
from staged_updates
join cases on cases.product = %(product)s and cases.uid = staged_updates.uid and readopted_at is null
where has_new_csm
