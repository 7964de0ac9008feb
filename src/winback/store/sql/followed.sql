-- Cases that are not void, as what the programme achieved is made of them (rules.md R6.6). Parameters: at, product; by_owner, whether their
-- owner (R4.8) is asked for, which takes as long as all else.
followed as (
    select cases.id, cases.product, cases.uid, cases.region, cases.revenue, cases.churned_at, cases.baseline, cases.arm, cases.holdout_share,
        case when readopted_at <= %(at)s then readopted_at end                                          as closed_at,
        case when owners.id is null then cases.csm_name else owners.csm_name end                        as owner_name,
        case when owners.id is null then cases.csm_email else owners.csm_email end                      as owner_email
    from cases
    left join owners on %(by_owner)s and owners.case_id = cases.id and owners.since_at = (
        select max(named.since_at) from owners named
        where named.case_id = cases.id
            and named.since_at <= case when cases.readopted_at <= %(at)s then cases.readopted_at else %(at)s end
    )
    where cases.churned_at <= %(at)s and voided_at is null and (cast(%(product)s as text) is null or cases.product = %(product)s)
)
