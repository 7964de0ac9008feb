-- Time since churn over at_risk, turnover time over the win-backs in wins, and times to engage over the latest cases (rules.md R7.4), in
-- microseconds: count, mean, median. part: '' for all of a kind, else region or csm, of that name. To engage: from the churn, from the
-- first delivered message where that came first, and both in the working hours of the owner. Parameters: calendars, staff. Comes after
-- newest.sql and engaged.sql.
with
{{credited}},
calendars as (
{{calendars}}
),
staff as (
{{staff}}
),
kept as (
    select csms.csm, csms.csm_key, coalesce(by_email.calendar, by_name.calendar, 0)     as calendar
    from csms
    left join staff by_email on by_email.csm_key = lower(csm_email)
    left join staff by_name on by_name.csm_key = lower(csm_name)
),
times as (
    select coalesce(name, '') as region_name, csm_key, engaged_at - churned_at as to_engage, engaged_at - messaged_at as from_message,
        worked_until(engaged_at, on_engaged) - worked_until(churned_at, on_churn)       as working,
        worked_until(engaged_at, on_engaged) - worked_until(messaged_at, on_message)    as working_from_message
    from engaged
    join kept on kept.csm = owner
    join regions on regions.region = engaged.region
    left join calendars on_engaged on on_engaged.calendar = kept.calendar and on_engaged.day = engaged_at / 86400000000
    left join calendars on_churn on on_churn.calendar = kept.calendar and on_churn.day = churned_at / 86400000000
    left join calendars on_message on on_message.calendar = kept.calendar and on_message.day = messaged_at / 86400000000
),
engagements as (
    select region_name, csm_key, unnest(['engage', 'working', 'from_message', 'working_from_message']) as kind,
        unnest([to_engage, working, from_message, working_from_message])                as length
    from times
),
lengths as (
    select 'turnover' as kind, readopted_at - churned_at as length
    from known
    where readopted_at <= %(at)s and
{{is_latest}} and
{{of_owner}}
    union all
    -- What churned earlier is lost: said once more, it keeps the engine from looking at it.
    select 'at_risk', %(at)s - churned_at
    from credited
    where status = 'at_risk' and (cast(%(lost_after)s as bigint) is null or churned_at > %(at)s - %(lost_after)s)
)
select kind, '', '', count(*), avg(length), median(length) from lengths group by kind
union all
select kind, case grouping(region_name, csm_key) when 3 then '' when 1 then 'region' else 'csm' end, coalesce(region_name, csm_key, ''),
    count(*), avg(length), median(length)
from engagements
where length is not null
group by grouping sets ((kind), (kind, region_name), (kind, csm_key))
