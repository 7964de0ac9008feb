-- Table feedback: the last answer of each person to each message.
select product, uid, case_id, stage, csm_name, useful, answered_at
from (
    select feedback.*, product, uid, case_id, stage, region
    from feedback join notifications on notifications.id = feedback.notification_id
    where answered_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
) as feedback
where
{{of_csm}}
order by answered_at, id
