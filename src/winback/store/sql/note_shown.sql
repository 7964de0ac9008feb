-- What was just sent shows how its cases stand. Parameters: message, clock, lost_after.
update notifications
set shown = standing.state
from (
    select notifications.id,
{{shown_state}} as state
    from notifications
    left join cases on cases.id = notifications.case_id
    where notifications.message_id = %(message)s and notifications.case_id is not null
) as standing
where notifications.id = standing.id
