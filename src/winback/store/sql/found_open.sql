-- The rows of churns and at_risk, with what they are found and ordered by: comes after episodes.sql and one of credit.sql and
-- uncredited.sql. Parameters: wants_lost, wants_at_risk; uncontacted as in open_episodes.sql; lost_by: to be lost by then (null: whenever).
select id, 'case' as made, product, uid, merchant_name, region, gmv, revenue, owner_name, owner_email, churned_at, arm, credit,
    cast(null as text) as kind, coalesce(lost_at, churned_at) as since_at, %(at)s - churned_at as length
from credited as episode
where closed_at is null and (lost_at is null and %(wants_at_risk)s or lost_at is not null and %(wants_lost)s)
    and (cast(%(lost_by)s as bigint) is null or churned_at <= %(lost_by)s - cast(%(lost_after)s as bigint))
    and (
        cast(%(uncontacted)s as bigint) is null
        or %(at)s - churned_at >= cast(%(uncontacted)s as bigint) and not exists (
            select 1 from ({{engagements}}) as engagements
            where engagements.uid = episode.uid and (engagements.product is null or engagements.product = episode.product)
                and occurred_at >= churned_at and occurred_at <= %(at)s
        ) and
{{shown_to_csms}}
    )
    and
{{latest}}
    and
{{of_owner}}
