-- How long it took until somebody engaged (rules.md R4.6), for the cases where somebody has: from the churn, from the first delivered
-- message where that came first, and both in the working hours of the owner. Comes after credit.sql. Parameters: calendars, staff.
calendars as (
{{calendars}}
),
staff as (
{{staff}}
),
messaged as (
    select engaged.case_id, min(sent_at) as messaged_at
    from engaged
    join notifications on notifications.case_id = engaged.case_id
    -- Not by the bare status: SQLite would look at every message ever sent.
    where coalesce(status, '') = 'sent' and stage in ('first', 'second', 'final') and corrected_at is null and sent_at <= engaged_at
    group by engaged.case_id
),
answered as (
    select credited.*, messaged_at, coalesce(by_email.calendar, by_name.calendar, 0) as calendar
    from credited
    left join messaged on messaged.case_id = credited.id
    left join staff by_email on by_email.csm_key = lower(owner_email)
    left join staff by_name on by_name.csm_key = lower(owner_name)
    where engaged_at is not null
),
moments as (
    select id, calendar, kind, case kind when 'churn' then churned_at when 'message' then messaged_at else engaged_at end as moment
    from answered
    cross join (select 'churn' as kind union all select 'message' union all select 'engaged') as kinds
),
worked as (
    select id,
        max(case when kind = 'churn' then until_moment end)                             as until_churn,
        max(case when kind = 'message' then until_moment end)                           as until_message,
        max(case when kind = 'engaged' then until_moment end)                           as until_engaged
    from (
        select moments.id, kind,
            before
                + case when moment <= opens then 0 when moment >= closes then closes - opens else moment - opens end
                + case
                    when moment <= opens_again then 0
                    when moment >= closes_again then closes_again - opens_again
                    else moment - opens_again
                end                                                                     as until_moment
        from moments
        join calendars on calendars.calendar = moments.calendar and calendars.day = moment / 86400000000
    ) as worked_until
    group by id
),
timed as (
    select answered.*, engaged_at - messaged_at as from_message,
        until_engaged - until_churn as working, until_engaged - until_message as working_from_message
    from answered
    left join worked on worked.id = answered.id
)
