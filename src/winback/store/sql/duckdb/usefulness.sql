-- Answers to "was this useful?" by stage, author and local month (rules.md R7.6), about cases that are not void and new adoptions.
with
{{known}},
about as (
    select answers.csm, useful, answered_at, stage, known.region, owner
    from answers
    join known on known.id = answers.case_id
    union all
    select answers.csm, useful, answered_at, stage, adoptions.region, adoptions.csm
    from answers
    join adoptions on adoptions.id = answers.adoption_id
    where cast(%(product)s as text) is null or adoptions.product = %(product)s
)
select stage, csm_key, min(csm_name), min(csm_email),
    strftime(date '1970-01-01' + cast(local_day(answered_at) as integer), '%%Y-%%m') as month,
    count(*), count(*) filter (useful)
from about
join csms on csms.csm = about.csm
where answered_at <= %(at)s and
{{of_owner}}
group by stage, csm_key, month
