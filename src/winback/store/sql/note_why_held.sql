-- Why notifications stay planned, where that is not written there already.
update notifications
set error = given.first_text
from ({{given}}) as given
where notifications.id = given.id and notifications.status = 'planned' and coalesce(notifications.error, '') <> given.first_text
