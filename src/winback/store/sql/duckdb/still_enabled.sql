-- Win-backs at least 30 and 90 days ago, and how many of them were not off again by then. A void case is no churn.
with
{{known}},
back as (
    select closed_at, next_churned_at - closed_at as lasted
    from known
    where closed_at is not null and
{{of_owner}}
)
select
    count(*) filter (closed_at <= %(at)s - 2592000000000),
    count(*) filter (closed_at <= %(at)s - 2592000000000 and (lasted is null or lasted > 2592000000000)),
    count(*) filter (closed_at <= %(at)s - 7776000000000),
    count(*) filter (closed_at <= %(at)s - 7776000000000 and (lasted is null or lasted > 7776000000000))
from back
