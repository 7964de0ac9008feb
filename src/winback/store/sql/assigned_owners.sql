-- A case that the pull opened belongs to whom a person gave the account earlier, as long as the reports name the CSM they named then (R4.8).
insert into owners (case_id, since_at, csm_name, csm_email, assignment_id)
select cases.id, cases.churned_at, assignments.csm_name, assignments.csm_email, assignments.id
from cases
join assignments on assignments.id = (
    select newest.id from assignments newest
    where newest.product = cases.product and newest.uid = cases.uid order by newest.assigned_at desc, newest.id desc limit 1
)
where cases.opened_by_id = %(pull)s
    and coalesce(cases.csm_name, '') = coalesce(reported_name, '') and coalesce(cases.csm_email, '') = coalesce(reported_email, '')
    and not exists (select 1 from owners where owners.case_id = cases.id)
