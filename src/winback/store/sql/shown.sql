-- Delivered messages of a channel that show another state of a case than the one it has now, with the state to be shown: a word that
-- changes whenever what people should see does. Settled cases are looked at for some weeks more (`until`). Parameters: channel, case, clock.
select message_id, id, state
from (
    select notifications.message_id, notifications.id, notifications.shown,
        case
            when corrected_at is not null or cases.id is null then 'undone'
            when voided_at is not null then 'void'
            else case
                    when readopted_at is not null then 'won'
                    when cases.churned_at + cast(%(lost_after)s as bigint) <= %(clock)s then 'lost'
                    else 'at_risk'
                end
                || ':' || coalesce((
                    select max(case stage when 'first' then 1 when 'second' then 2 else 3 end) from notifications said
                    where said.case_id = cases.id and said.status = 'sent' and said.stage in ('first', 'second', 'final')
                        and said.corrected_at is null
                ), 0)
                || ':' || coalesce((
                    select claims.id from claims where claims.case_id = cases.id order by claimed_at desc, claims.id desc limit 1
                ), 0)
                || ':' || coalesce((
                    select max(snoozes.id) from snoozes where snoozes.case_id = cases.id and until_at > %(clock)s
                ), 0)
                || ':' || coalesce((
                    select min(engagements.id) from ({{engagements}}) as engagements
                    where engagements.uid = cases.uid and (engagements.product is null or engagements.product = cases.product)
                        and occurred_at >= cases.churned_at and occurred_at <= %(clock)s
                        and (readopted_at is null or occurred_at <= readopted_at)
                ), 0)
                || ':' || coalesce((
                    select max(owners.id) from owners where owners.case_id = cases.id and owners.assignment_id is not null
                ), 0)
        end as state
    from notifications
    left join cases on cases.id = notifications.case_id
    where notifications.channel = %(channel)s and notifications.status = 'sent' and notifications.case_id is not null
        and message_id is not null and shown is not null
        and (cast(%(case)s as bigint) is null or notifications.case_id = %(case)s)
        and (shown <> 'undone' and shown <> 'void')
        and (readopted_at is null or readopted_at > %(until)s or shown not like 'won%%')
) as standing
where state <> shown
order by id
