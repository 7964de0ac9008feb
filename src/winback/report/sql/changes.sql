-- Churns and wins with the values they freeze and those that the report has now (rules.md R2.6, R2.7).
-- $moved_to: see moved_to.sql. Amounts in ten-thousandths, moments in microseconds. $at: the moment of the pull; $frozen_at_t1: flag mode, where a churn freezes the values before it.
select
    moves.uid,
    moves.kind,
    case
        when t2.changed_at <= $at
            and (t1.uid is null or (t2.changed_at > t1.last_seen_at and t2.changed_at >= t1.known_at))
        then t2.changed_at
        else cast($at as bigint)
    end                                                                         as moved_at,
    case when $frozen_at_t1 and kind = 'churn' then t1.merchant_name else t2.merchant_name end as merchant_name,
    case when $frozen_at_t1 and kind = 'churn' then t1.csm_name else t2.csm_name end           as csm_name,
    case when $frozen_at_t1 and kind = 'churn' then t1.csm_email else t2.csm_email end         as csm_email,
    case when $frozen_at_t1 and kind = 'churn' then t1.region else t2.region end               as region,
    cast(10000 * cast(case when $frozen_at_t1 and kind = 'churn' then t1.gmv else t2.gmv end as decimal(38, 4)) as bigint) as gmv,
    cast(10000 * cast(case when $frozen_at_t1 and kind = 'churn' then t1.revenue else t2.revenue end as decimal(38, 4)) as bigint) as revenue,
    t2.uid is not null                                                          as is_listed,
    t2.csm_name                                                                 as csm_name_now,
    t2.csm_email                                                                as csm_email_now,
    cast(10000 * cast(t2.gmv as decimal(38, 4)) as bigint)                                              as gmv_now,
    cast(10000 * cast(t2.revenue as decimal(38, 4)) as bigint)                                          as revenue_now,
    coalesce(t2.other_columns, t1.other_columns)                                as other_columns
from moves
left join moved as t1 on t1.uid = moves.uid
left join ($moved_to) as t2 on t2.uid = moves.uid
where moves.kind is not null
order by moves.uid
