-- Claims notifications for a message, those that nobody else has claimed: whoever changes a row sends it. Until it is marked as sent its
-- outcome is unknown.
update notifications
set status = 'unknown', message_id = %(message)s, recipient = %(recipient)s, claimed_by = %(owner)s, claimed_until = %(until)s, error = null
where id in (select given.id from ({{given}}) as given) and status = 'planned' and corrected_at is null and (
    stage in ('readopted', 'new_adoption') or exists (
        select 1 from cases where cases.id = notifications.case_id and
{{eligible}}
    )
)
returning id
