-- Claims one notification for a message: whoever changes the row sends it. Until it is marked as sent its outcome is unknown.
update notifications
set status = 'unknown', message_id = %(message)s, recipient = %(recipient)s, claimed_by = %(owner)s, claimed_until = %(until)s, error = null
where id = %(id)s and status = 'planned' and corrected_at is null and (
    stage in ('readopted', 'new_adoption') or exists (
        select 1 from cases where cases.id = notifications.case_id and
{{eligible}}
    )
)
