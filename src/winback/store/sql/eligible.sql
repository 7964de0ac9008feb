-- Whether a case gets follow-ups at a moment (rules.md R5.2, R5.3): open, not lost, not void, not silent.
cases.readopted_at is null and cases.voided_at is null and not cases.silent
    and (cast(%(lost_after)s as bigint) is null or cases.churned_at + cast(%(lost_after)s as bigint) > %(now)s)
