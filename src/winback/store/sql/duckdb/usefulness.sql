-- Answers to "was this useful?" by stage, author and local month (rules.md R7.6), about cases that are not void and new adoptions:
-- these are few beside all there are, and found first.
with
{{known}},
asked_about as (
    select id, region, owner from known where id in (select case_id from answers)
),
adopted as (
    select id, region, csm from adoptions
    where id in (select adoption_id from answers) and (cast(%(product)s as text) is null or product = %(product)s)
),
about as (
    select answers.csm, useful, answered_at, stage, asked_about.region, owner
    from answers
    join asked_about on asked_about.id = case_id
    union all
    select answers.csm, useful, answered_at, stage, adopted.region, adopted.csm
    from answers
    join adopted on adopted.id = adoption_id
)
select stage, csm_key, min(csm_name), min(csm_email),
    strftime(date '1970-01-01' + cast(local_day(answered_at) as integer), '%%Y-%%m') as month,
    count(*), count(*) filter (useful)
from about
join csms on csms.csm = about.csm
where answered_at <= %(at)s and
{{of_owner}}
group by stage, csm_key, month
