-- Whether a case gets follow-ups at a moment (rules.md R5.2, R5.3): open, not lost, not void, not silent, not held out; and nobody has said or done
-- anything about it, nor put it off. What people did counts whenever it was, since a pull's `now` may be earlier than the moment of sending.
cases.readopted_at is null and cases.voided_at is null and not cases.silent
    and (cases.arm is null or cases.arm <> 'held_out')
    and (cast(%(lost_after)s as bigint) is null or cases.churned_at + cast(%(lost_after)s as bigint) > %(now)s)
    and not exists (select 1 from claims where claims.case_id = cases.id)
    and not exists (
        select 1 from snoozes where snoozes.case_id = cases.id and set_at <= %(clock)s and until_at > %(clock)s
    )
    and not (%(stop_when_engaged)s and exists (
        select 1 from ({{engagements}}) as engagements
        where engagements.uid = cases.uid and (engagements.product is null or engagements.product = cases.product)
            and occurred_at >= cases.churned_at and occurred_at <= %(clock)s
    ))
