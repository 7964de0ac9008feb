-- known: cases with churned_at <= at that are not void (rules.md R4.1, R4.2, R4.7), with their owner at the moment or, of a closed one,
-- when it closed (R4.8). Most cases have no turns: their owner is not worked out, nor read what it follows from. A statement asks of known
-- more than once, each time of few columns.
churned_cases as not materialized (
    select *, case when readopted_at <= %(at)s then readopted_at end                    as closed_at
    from cases
    where churned_at <= %(at)s and voided_at is null and (cast(%(product)s as text) is null or product = %(product)s)
        and is_seen(arm, churned_at)
),
known as not materialized (
    select * exclude (owners), csm as owner from churned_cases where turns = 0
    union all
    select * exclude (owners), owner_at(csm, owners, coalesce(closed_at, %(at)s)) from churned_cases where turns > 0
)
