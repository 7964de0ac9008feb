-- Table notifications: planned at or before the moment.
select product, uid, case_id, stage, csm_name, channel, recipient, message_id, status, planned_at, sent_at, error
from notifications
where planned_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
    and
{{of_csm}}
order by planned_at, id
