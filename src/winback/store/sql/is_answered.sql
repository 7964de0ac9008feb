-- 1 for a case of `found` that somebody has answered about: claimed, put off, or reached out. Parameter: at.
case
    when exists (select 1 from claims where claims.case_id = found.id)
        or exists (select 1 from snoozes where snoozes.case_id = found.id and set_at <= %(at)s and until_at > %(at)s)
        or exists (
            select 1 from ({{engagements}}) as engagements
            where engagements.uid = found.uid and (engagements.product is null or engagements.product = found.product)
                and occurred_at >= found.churned_at and occurred_at <= %(at)s
        )
    then 1
    else 0
end
