-- Answers to "was this useful?" by stage, author and local day (rules.md R7.6), about cases that are not void and new adoptions.
with
{{episodes}},
zone as (
{{zone}}
),
answers as (
    select feedback.csm_name, feedback.csm_email, useful, answered_at, stage, owned.region, owner_name, owner_email
    from feedback
    join notifications on notifications.id = feedback.notification_id
    join owned on owned.id = notifications.case_id
    where voided_at is null
    union all
    select feedback.csm_name, feedback.csm_email, useful, answered_at, stage, adoptions.region, adoptions.csm_name, adoptions.csm_email
    from feedback
    join notifications on notifications.id = feedback.notification_id
    join adoptions on adoptions.id = notifications.adoption_id
    where (cast(%(product)s as text) is null or adoptions.product = %(product)s)
)
select stage, coalesce(lower(csm_email), csm_name, '') as author_key, min(csm_name), min(csm_email),
    (answered_at + shift) / 86400000000 as answered_on, count(*), count(case when useful then 1 end)
from answers
join zone on answered_at >= since_at and answered_at < until_at
where answered_at <= %(at)s and
{{of_owner}}
group by stage, author_key, answered_on
