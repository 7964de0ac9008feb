-- Answers to "was this useful?" by stage, author and local month (rules.md R7.6), about cases that are not void and new adoptions.
with
about as (
    select stage, csm, useful, answered_at, region, owner_at(case_csm, owners, least(readopted_at, %(at)s)) as owner
    from answers
    where answered_at <= %(at)s and (churned_at is null or churned_at <= %(at)s)
        and (cast(%(product)s as text) is null or product = %(product)s)
)
select stage, csm_key, min(csm_name), min(csm_email),
    strftime(date '1970-01-01' + cast(local_day(answered_at) as integer), '%%Y-%%m') as month,
    count(*), count(*) filter (useful)
from about
join csms on csms.csm = about.csm
where
{{of_owner}}
group by stage, csm_key, month
