-- What messages show now of their cases.
update notifications
set shown = given.first_text
from ({{given}}) as given
where notifications.id = given.id
