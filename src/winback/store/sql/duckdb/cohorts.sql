-- Churns by local week, counted from that of 1 January 1970: how many, how many of them are back, by when, and the revenue of both.
with
{{known}},
churned as (
    select (local_day(churned_at) + 3) / 7 as week, revenue, closed_at - churned_at as turnover
    from known
    where not baseline and
{{of_owner}}
)
select week, count(*), count(turnover),
    count(*) filter (turnover <= 604800000000),
    count(*) filter (turnover <= 2592000000000),
    count(*) filter (turnover <= 7776000000000),
    coalesce(sum(revenue), 0), coalesce(sum(revenue) filter (turnover is not null), 0)
from churned
group by week
order by week
