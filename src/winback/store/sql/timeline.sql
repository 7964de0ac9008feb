-- What is known of an account, newest first: comes after sql/narrowed.sql, so that `cases` and `adoptions` are its own. Parameters: at, many;
-- product, uid; those of episodes.sql and verdicts.sql. Columns: moment, what, who, and what else there is to say of it. `cross join` is the
-- order in which SQLite takes them.
with
{{episodes}},
{{verdicts}},
own_notifications as (
    select notifications.* from cases cross join notifications where notifications.case_id = cases.id
    union all
    select notifications.* from adoptions cross join notifications where notifications.adoption_id = adoptions.id
),
happened as (
    select churned_at as moment, 'churned' as what, cast(null as text) as who, case when baseline then 'baseline' end as word,
        cast(null as text) as reason, cast(null as text) as note, cast(null as bigint) as until_at, 0 as rank
    from owned
    union all
    select closed_at, 'readopted', null, null, null, null, churned_at, 1 from owned where closed_at is not null and voided_at is null
    union all
    select lost_at, 'lost', null, null, null, null, null, 1 from owned where lost_at is not null
    union all
    select voided_at, 'void', null, null, void_reason, null, churned_at, 1 from owned where voided_at <= %(at)s
    union all
    select won_at, 'adopted', null, null, null, null, null, 1 from adoptions where won_at <= %(at)s
    union all
    select sent_at, case when corrected_at is null then 'sent' else 'corrected' end, recipient, stage, null, channel, null, 2
    from own_notifications where status = 'sent' and sent_at <= %(at)s
    union all
    select planned_at, 'unsent', csm_name, stage, error, channel, null, 2
    from own_notifications where status in ('failed', 'unrouted') and planned_at <= %(at)s
    union all
    select answered_at, case when useful then 'useful' else 'not_useful' end, coalesce(feedback.csm_name, feedback.csm_email), stage, null, null, null, 3
    from own_notifications cross join feedback where own_notifications.id = notification_id and answered_at <= %(at)s
    union all
    select claims.claimed_at, 'claimed_' || claims.outcome, coalesce(claims.csm_name, claims.csm_email), verdict, reason, note, null, 3
    from claims left join judged on judged.id = claims.id where claims.claimed_at <= %(at)s
    union all
    select set_at, 'snoozed', coalesce(snoozes.csm_name, snoozes.csm_email), null, reason, null, until_at, 3
    from cases cross join snoozes where cases.id = snoozes.case_id and set_at <= %(at)s
    union all
    select assigned_at, 'assigned', assigned_by, coalesce(csm_name, csm_email), reason, null, null, 3
    from assignments where product = %(product)s and uid = %(uid)s and assigned_at <= %(at)s
    union all
    select since_at, 'named', null, coalesce(owners.csm_name, owners.csm_email), null, null, null, 1
    from cases cross join owners where cases.id = owners.case_id and assignment_id is null and since_at <= %(at)s
    union all
    select occurred_at, case when counts then 'engaged' else 'activity' end, coalesce(activities.csm_name, activities.csm_email), kind, source, note, null, 2
    from activities
    where occurred_at <= %(at)s and is_done and outcome is null and kind <> 'opportunity'
        and (activities.product is null or activities.product = %(product)s)
)
select moment, what, who, word, reason, note, until_at from happened order by moment desc, rank desc limit %(many)s
