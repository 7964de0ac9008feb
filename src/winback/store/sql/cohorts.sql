-- Churns by local week, counted from that of 1 January 1970: how many, how many of them are back, by when, and the revenue of both.
-- Parameter: zone.
with
{{followed}},
zone as (
{{zone}}
),
churned as (
    select (((churned_at + shift) / 86400000000) + 3) / 7                                               as week,
        revenue, closed_at - churned_at                                                                 as turnover
    from followed
    join zone on churned_at >= since_at and churned_at < until_at
    where not baseline and
{{of_owner}}
)
select week, count(*), count(turnover),
    count(case when turnover <= 604800000000 then 1 end),
    count(case when turnover <= 2592000000000 then 1 end),
    count(case when turnover <= 7776000000000 then 1 end),
    coalesce(sum(revenue), 0), coalesce(sum(case when turnover is not null then revenue end), 0)
from churned
group by week
order by week
