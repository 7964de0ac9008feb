-- What is planned and not yet delivered, with what its message tells (rules.md R5.6: the owner at the moment of sending).
-- Parameters: now; product and pull, see of_run.sql.
select
    notifications.id, notifications.product, notifications.uid, stage, planned_at, notifications.case_id,
    case
        when stage not in ('first', 'second', 'final') then notifications.csm_name
        when owners.id is null then cases.csm_name
        else owners.csm_name
    end                                                         as csm_name,
    case
        when stage not in ('first', 'second', 'final') then notifications.csm_email
        when owners.id is null then cases.csm_email
        else owners.csm_email
    end                                                         as csm_email,
    coalesce(cases.merchant_name, adoptions.merchant_name)      as merchant_name,
    coalesce(cases.region, adoptions.region)                    as region,
    coalesce(cases.gmv, adoptions.gmv)                          as gmv,
    coalesce(cases.revenue, adoptions.revenue)                  as revenue,
    coalesce(cases.other_columns, adoptions.other_columns)      as other_columns, cases.churned_at, cases.readopted_at, adoptions.won_at
from notifications
left join cases on cases.id = notifications.case_id
left join adoptions on adoptions.id = notifications.adoption_id
left join owners on owners.case_id = cases.id and owners.since_at = (
    select max(named.since_at) from owners named where named.case_id = cases.id and named.since_at <= %(now)s
)
where notifications.status = 'planned' and corrected_at is null and
{{of_run}}
order by gmv desc nulls last, notifications.id
