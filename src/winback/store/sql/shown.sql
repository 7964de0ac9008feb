-- Delivered messages of a channel that show another state of a case than the one it has now, with the state to be shown. Settled cases are
-- looked at for some weeks more (`until`). Parameters: channel, case, until, clock, lost_after.
select message_id, id, state
from (
    select notifications.message_id, notifications.id, notifications.shown,
{{shown_state}} as state
    from notifications
    left join cases on cases.id = notifications.case_id
    where notifications.channel = %(channel)s and notifications.status = 'sent' and notifications.case_id is not null
        and message_id is not null and shown is not null
        and (cast(%(case)s as bigint) is null or notifications.case_id = %(case)s)
        and (shown <> 'undone' and shown <> 'void')
        and (readopted_at is null or readopted_at > %(until)s or shown not like 'won%%')
) as standing
where state <> shown
order by id
