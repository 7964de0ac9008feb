-- How many cases came back, or were followed without, by their day since the churn: of each arm, region and CSM. Days are whole ones, see
-- statistics/curves.py. The baseline's churns were earlier than anybody knows. Who was followed without coming back is put on the last day
-- before on which anybody came back: it is the same to every curve, and some hundred days are a few. So is, after the last such day, how much
-- longer anybody was followed, but for the longest.
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
    select arm, region, owner, coalesce(back_on <= age, false) as is_back,
        case when back_on <= age then back_on else least(age, (select max(back_on) from aged where back_on <= age)) end as day,
        max(case when back_on <= age then back_on else age end) as last_day, count(*)   as cases
    from aged
    group by arm, region, owner, is_back, day
),
followed as materialized (
    select 'arm' as kind, arm as name, null as csm_name, null as csm_email, is_back, day, max(last_day) as last_day, sum(cases) as cases
    from dated where arm is not null group by arm, is_back, day
    union all
    select 'region', coalesce(name, ''), null, null, is_back, day, max(last_day), sum(cases)
    from dated join regions on regions.region = dated.region group by name, is_back, day
    union all
    select 'csm', csm_key, min(csm_name), min(csm_email), is_back, day, max(last_day), sum(cases)
    from dated join csms on csms.csm = owner group by csm_key, is_back, day
),
days as (
    select kind, day, max(case when is_back then day end) over (partition by kind order by day) as back_day
    from (select kind, day, bool_or(is_back) as is_back from followed group by kind, day)
),
longest as (
    select kind, name, max(last_day) as last_day from followed group by kind, name
)
select kind, name, min(csm_name), min(csm_email), is_back,
    case
        when is_back then day
        when followed.last_day = longest.last_day then longest.last_day
        else coalesce(back_day, 0)
    end                                                                                 as placed_on,
    sum(cases)
from followed
join longest using (kind, name)
join days using (kind, day)
group by kind, name, is_back, placed_on
