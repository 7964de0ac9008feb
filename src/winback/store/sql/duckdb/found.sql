-- As sql/found_*.sql and sql/wanted.sql, of columns: comes after newest.sql. Parameters as there, and: wants_at_risk, wants_lost, wants_won,
-- wants_adopted; every, also cases that are not their account's latest.
with
{{credited_cases}},
found as (
    select id, 'case' as made, product, uid, called, region, owner, gmv, revenue, churned_at, arm, engaged_at, status,
        case status when 'won' then 'win_back' end                                      as kind,
        case status when 'won' then win_credit when 'lost' then loss_credit end         as credit,
        case status when 'at_risk' then churned_at when 'lost' then lost_at else closed_at end as since_at,
        case when status = 'won' then closed_at - churned_at end                        as length
    from credited_cases
    where %(every)s or
{{is_latest}}
    union all
    select id, 'adoption', product, uid, called, region, csm, gmv, revenue, null, null, null, null, 'new_adoption', null, won_at, null
    from (select *, csm as owner from adoptions) as adopted
    where %(wants_adopted)s and won_at <= %(at)s and (churned_at is null or churned_at > %(at)s)
        and (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
)
select id, made, product, uid, churned_at, count(*) over () as total
from found
left join csms on csms.csm = owner
left join regions on regions.region = found.region
where (made = 'adoption' or status = 'at_risk' and %(wants_at_risk)s or status = 'lost' and %(wants_lost)s
        or status = 'won' and %(wants_won)s)
    -- What churned earlier is lost: said once more, it keeps the engine from looking at it.
    and (%(wants_lost)s or %(wants_won)s or cast(%(lost_after)s as bigint) is null or churned_at > %(at)s - %(lost_after)s)
    and (cast(%(lost_by)s as bigint) is null or churned_at <= %(lost_by)s - cast(%(lost_after)s as bigint))
    and (
        cast(%(uncontacted)s as bigint) is null
        or engaged_at is null and %(at)s - churned_at >= %(uncontacted)s
            and (arm is null or arm <> 'held_out' or churned_at + 2592000000000 <= %(at)s)
    )
    and (cast(%(search)s as text) is null or found.called like %(search)s escape '\' or lower(uid) like %(search)s escape '\')
    and (cast(%(least_gmv)s as bigint) is null or gmv >= %(least_gmv)s)
    and (cast(%(since)s as bigint) is null or since_at >= %(since)s)
    and (cast(%(until)s as bigint) is null or since_at < %(until)s)
    and (cast(%(kind)s as text) is null or kind = %(kind)s)
    and (cast(%(credit)s as text) is null or cast(credit as text) = %(credit)s)
    and (cast(%(csm_key)s as text) is null or csm_key = %(csm_key)s)
