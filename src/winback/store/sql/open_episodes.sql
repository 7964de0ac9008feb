-- Tables churns and at_risk. Parameters: only_at_risk; uncontacted, only what is at least so old and has had no engagement
-- (null: all), without what CSMs must not hear of yet.
with
{{episodes}},
{{credit}}
select
    product, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, churned_at, status, lost_at,
    %(at)s - churned_at                                                             as since_churn,
    (
        select stage from notifications
        where notifications.case_id = episodes.id and notifications.status = 'sent' and corrected_at is null
            and stage in ('first', 'second', 'final') and planned_at <= %(at)s
        order by planned_at desc, notifications.id desc limit 1
    )                                                                               as last_stage,
    claim,
    (
        select max(until_at) from snoozes
        where snoozes.case_id = episodes.id and set_at <= %(at)s and until_at > %(at)s
    )                                                                               as snoozed_until,
    owner_name                                                                      as csm_name_now,
    owner_email                                                                     as csm_email_now,
    case when worth_since is null then gmv else (
        select worths.gmv from worths where worths.case_id = episodes.id and worths.since_at = worth_since) end as gmv_now,
    case when worth_since is null then revenue else (
        select worths.revenue from worths where worths.case_id = episodes.id and worths.since_at = worth_since) end as revenue_now,
    engaged_at, to_engage
from (
    select episode.*,
        (select max(since_at) from worths where worths.case_id = episode.id and since_at <= %(at)s) as worth_since
    from credited as episode
    where closed_at is null and (lost_at is null or not %(only_at_risk)s)
        and (
            cast(%(uncontacted)s as bigint) is null
            or engaged_at is null and %(at)s - churned_at >= cast(%(uncontacted)s as bigint) and
{{shown_to_csms}}
        )
        and
{{latest}}
) as episodes
where
{{of_owner}}
order by product, churned_at, uid
