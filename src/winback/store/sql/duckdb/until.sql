-- Until before when the figures of a moment stay as they are: then a case grows out of a band, is old enough for a share, or is lost, or
-- what is written already begins to count; null where nothing does. And the mean and median time since the churn, which grow with the
-- moment.
with
{{credited}},
changes as (
    select case
            when %(at)s - since_at <= %(h24)s then since_at + %(h24)s + 1
            when %(at)s - since_at <= %(h48)s then since_at + %(h48)s + 1
            when %(at)s - since_at <= %(h72)s then since_at + %(h72)s + 1
            when %(at)s - since_at <= %(d30)s then since_at + %(d30)s + 1
            when %(at)s - since_at <= %(d60)s then since_at + %(d60)s + 1
            when %(at)s - since_at <= %(d90)s then since_at + %(d90)s + 1
        end                                                                             as moment
    from (
        select since_at from credited
        union all
        select won_at from adoptions where won_at <= %(at)s
    ) as counted
    union all
    select unnest([
        case when churned_at + %(h24)s > %(at)s then churned_at + %(h24)s end,
        case when churned_at + %(h48)s > %(at)s then churned_at + %(h48)s end,
        case when churned_at + %(h72)s > %(at)s then churned_at + %(h72)s end,
        case when churned_at + %(lost_after)s > %(at)s then churned_at + %(lost_after)s end,
        case when churned_at + %(watched)s > %(at)s then churned_at + %(watched)s end,
        case when churned_at > %(at)s then churned_at end,
        case when readopted_at > %(at)s then readopted_at end,
        case when engaged_at > %(at)s then engaged_at end,
        case when messaged_at > %(at)s then messaged_at end,
        list_min(list_transform(owners, lambda each: case when each.since_at > %(at)s then each.since_at end))
    ])
    from cases
    where churned_at > %(at)s - greatest(%(h72)s, coalesce(%(lost_after)s, 0), %(watched)s)
        or readopted_at > %(at)s or engaged_at > %(at)s or messaged_at > %(at)s or owners is not null
    union all
    select min(won_at) from adoptions where won_at > %(at)s
    union all
    select min(claimed_at) from claims where claimed_at > %(at)s
    union all
    select min(answered_at) from answers where answered_at > %(at)s
),
since_churn as (
    select avg(%(at)s - churned_at) as mean, median(%(at)s - churned_at) as median from credited where status = 'at_risk'
)
select (select min(moment) from changes), mean, median from since_churn
