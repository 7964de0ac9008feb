-- Win-backs at least 30 and 90 days ago, and how many of them were not off again by then. A void case is no churn.
with
{{followed}},
back as (
    select closed_at, (
            select min(again.churned_at) from cases again
            where again.product = followed.product and again.uid = followed.uid and again.voided_at is null
                and again.id <> followed.id and again.churned_at >= followed.closed_at
        ) - closed_at                                                                                   as lasted
    from followed
    where closed_at is not null and
{{of_owner}}
)
select
    count(case when closed_at <= %(at)s - 2592000000000 then 1 end),
    count(case when closed_at <= %(at)s - 2592000000000 and (lasted is null or lasted > 2592000000000) then 1 end),
    count(case when closed_at <= %(at)s - 7776000000000 then 1 end),
    count(case when closed_at <= %(at)s - 7776000000000 and (lasted is null or lasted > 7776000000000) then 1 end)
from back
