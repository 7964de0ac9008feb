-- How many cases came back, or were followed without, by their day since the churn: of each arm, region and CSM. Days are whole ones, see
-- statistics/curves.py. The baseline's churns were earlier than anybody knows.
with
{{known}},
aged as (
    select arm, region, owner, (%(at)s - churned_at) / 86400000000                      as age,
        (closed_at - churned_at + 86399999999) / 86400000000                            as back_on
    from known
    where not baseline and
{{of_owner}}
),
dated as (
    select arm, region, owner, case when back_on <= age then 1 else 0 end as is_back,
        case when back_on <= age then back_on else age end as day, count(*)             as cases
    from aged
    group by arm, region, owner, is_back, day
)
select 'arm' as kind, arm as name, null as csm_name, null as csm_email, is_back, day, sum(cases)
from dated where arm is not null group by arm, is_back, day
union all
select 'region', coalesce(name, ''), null, null, is_back, day, sum(cases)
from dated join regions on regions.region = dated.region group by name, is_back, day
union all
select 'csm', csm_key, min(csm_name), min(csm_email), is_back, day, sum(cases)
from dated join csms on csms.csm = owner group by csm_key, is_back, day
