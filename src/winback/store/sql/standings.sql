-- How cases stand, as far as their messages tell. Parameters: given (their ids), clock, lost_after.
select
    cases.id,
    case
        when voided_at is not null then 'void'
        when readopted_at is not null then 'won'
        when cases.churned_at + cast(%(lost_after)s as bigint) <= %(clock)s then 'lost'
        else 'at_risk'
    end as status,
    cases.churned_at, readopted_at,
    (
        select stage from notifications
        where notifications.case_id = cases.id and notifications.status = 'sent' and corrected_at is null
            and stage in ('first', 'second', 'final')
        order by case stage when 'first' then 1 when 'second' then 2 else 3 end desc limit 1
    ) as last_stage,
    claims.outcome, coalesce(claims.csm_name, claims.csm_email) as claimed_by, claims.reason,
    snoozes.until_at, snoozes.reason as snooze_reason,
    coalesce(engaged.csm_name, engaged.csm_email) as engaged_by, engaged.occurred_at,
    coalesce(owners.csm_name, owners.csm_email) as owner
from cases
left join claims on claims.id = (
    select newest.id from claims newest where newest.case_id = cases.id order by newest.claimed_at desc, newest.id desc limit 1
)
left join snoozes on snoozes.id = (
    select running.id from snoozes running
    where running.case_id = cases.id and running.set_at <= %(clock)s and running.until_at > %(clock)s
    order by running.until_at desc, running.id desc limit 1
)
left join activities engaged on engaged.id = (
    select done.id from ({{engagements}}) as done
    where done.uid = cases.uid and (done.product is null or done.product = cases.product)
        and done.occurred_at >= cases.churned_at and done.occurred_at <= %(clock)s
        and (readopted_at is null or done.occurred_at <= readopted_at)
    order by done.occurred_at, done.id limit 1
)
left join owners on owners.id = (
    select assigned.id from owners assigned
    where assigned.case_id = cases.id and assigned.assignment_id is not null order by assigned.since_at desc limit 1
)
where cases.id in (select given.id from ({{given}}) as given)
