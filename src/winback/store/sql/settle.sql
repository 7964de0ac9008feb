-- Ends or holds notifications, as delivered or not, with the CSMs whom they were for.
update notifications
set status = %(status)s, error = %(error)s, recipient = %(recipient)s, csm_name = given.first_text, csm_email = given.second_text,
    sent_at = %(sent_at)s, claimed_by = null, claimed_until = null
from ({{given}}) as given
where notifications.id = given.id
