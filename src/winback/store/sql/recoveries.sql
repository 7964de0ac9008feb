-- How many cases came back, or were followed without, by their day since the churn: of each arm, region and CSM. Days are whole ones, see
-- statistics/curves.py. The baseline's churns were earlier than anybody knows.
with
{{followed}},
aged as (
    select followed.*, coalesce(region, '') as region_key, coalesce(lower(owner_email), owner_name, '') as csm_key,
        (%(at)s - churned_at) / 86400000000                                                             as age,
        (closed_at - churned_at + 86399999999) / 86400000000                                            as back_on
    from followed
    where not baseline and
{{of_owner}}
),
dated as (
    select arm, region_key, csm_key, owner_name, owner_email,
        case when back_on <= age then 1 else 0 end                                                      as is_back,
        case when back_on <= age then back_on else age end                                              as day
    from aged
)
select 'arm' as kind, arm as name, null as csm_name, null as csm_email, is_back, day, count(*)
from dated where arm is not null group by arm, is_back, day
union all
select 'region', region_key, null, null, is_back, day, count(*) from dated group by region_key, is_back, day
union all
select 'csm', csm_key, min(owner_name), min(owner_email), is_back, day, count(*) from dated group by csm_key, is_back, day
