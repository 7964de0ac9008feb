-- The report that opens a case, or that closes it at its own moment, may name another CSM than before (rules.md R4.8).
insert into owners (case_id, since_at, csm_name, csm_email, pull_id)
select id, %(at)s, csm_name_now, csm_email_now, %(pull)s
from (
    select cases.id, csm_name_now, csm_email_now,
        case when named.id is null then cases.csm_name else named.csm_name end    as csm_name_before,
        case when named.id is null then cases.csm_email else named.csm_email end  as csm_email_before
    from staged_changes
    join cases on cases.product = %(product)s and cases.uid = staged_changes.uid
        and (cases.opened_by_id = %(pull)s or cases.closed_by_id = %(pull)s and cases.readopted_at = %(at)s)
    left join owners named on named.case_id = cases.id
        and named.since_at = (select max(since_at) from owners newest where newest.case_id = cases.id)
    where is_listed
) as named_now
where coalesce(csm_name_before, '') <> coalesce(csm_name_now, '') or coalesce(csm_email_before, '') <> coalesce(csm_email_now, '')
