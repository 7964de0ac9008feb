-- Until before when the trend of a moment is that of a later one: then something happens a whole number of days before. At the latest a
-- day later.
with
{{parts}},
moments as (
    select unnest([since_at, until_at, lost_at, readopted_at]) as moment from parts
    union all
    select unnest([won_at, churned_at]) from adopted_accounts
)
select %(at)s + coalesce(min((moment - %(begun)s - 1) %% 86400000000) + 1, 86400000000)
from moments
where moment > %(begun)s
