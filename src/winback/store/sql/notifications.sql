-- Table notifications: planned at or before the moment.
select notifications.product, notifications.uid, notifications.case_id, stage, notifications.csm_name, channel, recipient, message_id, status,
    planned_at, sent_at, error
from notifications
left join cases on cases.id = notifications.case_id
left join adoptions on adoptions.id = notifications.adoption_id
where planned_at <= %(at)s and (cast(%(product)s as text) is null or notifications.product = %(product)s)
    and (cast(%(region)s as text) is null or coalesce(cases.region, adoptions.region, '') = %(region)s)
    and (
        cast(%(csm)s as text) is null
        or notifications.csm_name = %(csm)s
        or lower(notifications.csm_email) = lower(%(csm)s)
        or (%(csm)s = '' and notifications.csm_name is null and notifications.csm_email is null)
    )
order by planned_at, notifications.id
