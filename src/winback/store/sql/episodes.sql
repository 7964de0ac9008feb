-- The state of every case known at a moment. Parameters: at, product (null: all), lost_after (null: never), all in microseconds.
-- said_lost: the first of the unbroken run of lost claims that ends with the newest claim. known: cases with churned_at <= at
-- (rules.md R4.1, R4.2). owned: with their owner (R4.8).
-- episodes: the latest one of each account (R4.4), void ones left out (R4.7). adopted: new adoptions that are the latest.
said_lost as (
    select case_id, min(claimed_at) as said_at
    from claims
    where outcome = 'lost' and claimed_at <= %(at)s and not exists (
        select 1 from claims later
        where later.case_id = claims.case_id and later.outcome = 'won' and later.claimed_at <= %(at)s
            and (later.claimed_at > claims.claimed_at or later.claimed_at = claims.claimed_at and later.id > claims.id)
    )
    group by case_id
),
known as (
    select dated.*,
        case when readopted_at <= %(at)s then readopted_at end                                          as closed_at,
        case
            when voided_at is null and ends_at <= %(at)s and (readopted_at is null or readopted_at >= ends_at) then ends_at
        end                                                                                             as lost_at
    from (
        select cases.*, said_at,
            case
                when said_at < cases.churned_at + cast(%(lost_after)s as bigint) then said_at
                else coalesce(cases.churned_at + cast(%(lost_after)s as bigint), said_at)
            end                                                                                         as ends_at
        from cases
        left join said_lost on said_lost.case_id = cases.id
        where churned_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
    ) as dated
),
owned as (
    select known.*,
        case when owners.id is null then known.csm_name else owners.csm_name end                        as owner_name,
        case when owners.id is null then known.csm_email else owners.csm_email end                      as owner_email,
        case
            when voided_at is not null then null
            when closed_at is not null then 'won'
            when lost_at is not null then 'lost'
            else 'at_risk'
        end                                                                                             as status
    from known
    left join owners on owners.case_id = known.id and owners.since_at = (
        select max(named.since_at) from owners named
        where named.case_id = known.id and named.since_at <= coalesce(known.closed_at, %(at)s)
    )
),
episodes as (
    select * from owned as episode
    where
{{latest}}
),
adopted as (
    select adoptions.* from adoptions
    where won_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s) and not exists (
        select 1 from cases newer
        where newer.product = adoptions.product and newer.uid = adoptions.uid and newer.voided_at is null
            and newer.churned_at <= %(at)s
    )
)
