-- Time since churn over at_risk, turnover time over the win-backs in wins, and times to engage over the latest cases (rules.md R7.4), in
-- microseconds: count, mean, and the one or two values in the middle. part: '' for all of a kind, else region or csm, of that name.
with
{{episodes}},
{{credit}},
{{times}},
engagement as (
    select coalesce(region, '') as region_key, coalesce(lower(owner_email), owner_name, '') as csm_key,
        to_engage, working, from_message, working_from_message
    from timed as episode
    where
{{of_owner}}
        and
{{latest}}
),
lengths as (
    select 'at_risk' as kind, '' as part, '' as name, %(at)s - churned_at as length from episodes where status = 'at_risk' and
{{of_owner}}
    union all
    select 'turnover', '', '', closed_at - churned_at from episodes where status = 'won' and
{{of_owner}}
    union all
    select kind, part, case part when 'region' then region_key when 'csm' then csm_key else '' end,
        case kind
            when 'engage' then to_engage
            when 'working' then working
            when 'from_message' then from_message
            else working_from_message
        end
    from engagement
    cross join (
        select 'engage' as kind union all select 'working' union all select 'from_message' union all select 'working_from_message'
    ) as kinds
    cross join (select '' as part union all select 'region' union all select 'csm') as parts
),
ranked as (
    select kind, part, name, length,
        row_number() over (partition by kind, part, name order by length) as nth, count(*) over (partition by kind, part, name) as many
    from lengths
    where length is not null
)
select kind, part, name, count(*) as many, avg(length) as mean,
    avg(case when nth in ((many + 1) / 2, (many + 2) / 2) then length end) as median
from ranked
group by kind, part, name
