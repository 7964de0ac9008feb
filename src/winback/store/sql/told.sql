-- A notification with what its message tells; the owner is that of the moment of sending, `clock` (rules.md R5.6), of a sent one whom it
-- was for.
select
    notifications.id, notifications.product, notifications.uid, stage, planned_at, notifications.channel, notifications.message_id,
    notifications.case_id,
    case
        when stage not in ('first', 'second', 'final') or notifications.status = 'sent' then notifications.csm_name
        when owners.id is null then cases.csm_name
        else owners.csm_name
    end                                                         as csm_name,
    case
        when stage not in ('first', 'second', 'final') or notifications.status = 'sent' then notifications.csm_email
        when owners.id is null then cases.csm_email
        else owners.csm_email
    end                                                         as csm_email,
    coalesce(cases.merchant_name, adoptions.merchant_name)      as merchant_name,
    coalesce(cases.region, adoptions.region)                    as region,
    coalesce(cases.gmv, adoptions.gmv)                          as gmv,
    coalesce(cases.revenue, adoptions.revenue)                  as revenue,
    coalesce(cases.other_columns, adoptions.other_columns)      as other_columns,
    attempts, corrected_at is not null as is_taken_back, cases.churned_at, cases.readopted_at, adoptions.won_at
from notifications
left join cases on cases.id = notifications.case_id
left join adoptions on adoptions.id = notifications.adoption_id
left join owners on owners.case_id = cases.id and owners.since_at = (
    select max(named.since_at) from owners named where named.case_id = cases.id and named.since_at <= %(clock)s
)
