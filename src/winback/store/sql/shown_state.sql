-- How the case of a notification stands, in a word that changes whenever what people should see of it does. Parameters: clock, lost_after.
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
    end
