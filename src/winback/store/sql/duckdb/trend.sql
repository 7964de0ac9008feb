-- How many accounts, and what GMV and revenue, come to be (or, negative, are no longer) at risk, churned, won back or newly adopted, at which
-- of the moments a day apart that end with `at`; those before the first count at it. Parameters: begun, the first moment (0); days, the
-- number of the last.
with
{{parts}},
marks as (
    select day_of(since_at, %(begun)s, %(days)s) as since, day_of(until_at, %(begun)s, %(days)s) as until,
        day_of(lost_at, %(begun)s, %(days)s) as lost, day_of(readopted_at, %(begun)s, %(days)s) as back,
        count(*) as accounts, coalesce(sum(gmv), 0) as gmv, coalesce(sum(revenue), 0)   as revenue
    from parts
    group by since, until, lost, back
),
adopted as (
    select day_of(won_at, %(begun)s, %(days)s) as since, day_of(churned_at, %(begun)s, %(days)s) as until,
        count(*) as accounts, coalesce(sum(gmv), 0) as gmv, coalesce(sum(revenue), 0)   as revenue
    from adopted_accounts
    group by since, until
),
stays as (
    select 'at_risk' as kind, since, least(until, lost, back) as until, accounts, gmv, revenue from marks
    union all
    select 'churned', greatest(since, lost), least(until, back), accounts, gmv, revenue from marks
    union all
    select 'win_back', greatest(since, back), until, accounts, gmv, revenue from marks
    union all
    select 'new_adoption', since, until, accounts, gmv, revenue from adopted
),
steps as (
    select kind, since as day, accounts, gmv, revenue from stays where since < until
    union all
    select kind, until, -accounts, -gmv, -revenue from stays where since < until
)
select kind, day, sum(accounts), sum(gmv), sum(revenue)
from steps
where day <= %(days)s
group by kind, day
