-- parts: the cases that are not void, while each is its account's latest (rules.md R4.4), cut where its newest claim or its owner changes;
-- lost_at: from when on a part that is not won back is lost (R4.2). adopted_accounts: new adoptions. Parameters: begun, before which nothing
-- is asked. Where no CSM is asked for, owners cut nothing. Cases without turns, which are most, are not cut, and nothing is joined to them.
lasting_cases as not materialized (
    select id, region, csm, owners, gmv, revenue, churned_at, readopted_at, next_churned_at, turns, churned_at + %(lost_after)s as aged_at
    from cases
    where voided_at is null and churned_at <= %(at)s + 86400000000 and (next_churned_at is null or next_churned_at > %(begun)s)
        and (cast(%(product)s as text) is null or product = %(product)s) and is_seen(arm, churned_at)
),
turned_cases as materialized (
    select * from lasting_cases where turns > 0
),
changes as (
    select id, 0 as since_at, 0 as nth, false as is_said_lost, csm as owner
    from turned_cases
    union all
    select turned_cases.id, claimed_at, claims.id, outcome = 'lost', null
    from claims
    join turned_cases on turned_cases.id = case_id
    union all
    select id, owned.since_at, null, null, owned.csm
    from (select id, readopted_at, unnest(owners) as owned from turned_cases where cast(%(csm)s as text) is not null) as owning
    where owned.since_at <= readopted_at or readopted_at is null
),
cut as (
    select id, since_at, lead(since_at) over by_moment as until_at,
        last_value(is_said_lost ignore nulls) over by_moment                            as is_said_lost,
        last_value(owner ignore nulls) over by_moment                                   as owner
    from changes
    window by_moment as (partition by id order by since_at, nth nulls first)
),
parts as not materialized (
    select churned_at as since_at, next_churned_at as until_at, aged_at as lost_at, readopted_at, gmv, revenue
    from (select * exclude (owners), csm as owner from lasting_cases where turns = 0) as whole
    where
{{of_owner}}
    union all
    select greatest(churned_at, cut.since_at), least(next_churned_at, cut.until_at),
        case when is_said_lost then cut.since_at else aged_at end, readopted_at, gmv, revenue
    from (
        select cut.*, region, gmv, revenue, churned_at, readopted_at, next_churned_at, aged_at
        from cut
        join turned_cases on turned_cases.id = cut.id
    ) as cut
    where
{{of_owner}}
),
adopted_accounts as not materialized (
    select won_at, churned_at, gmv, revenue
    from (select *, csm as owner from adoptions) as adopted
    where (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
)
