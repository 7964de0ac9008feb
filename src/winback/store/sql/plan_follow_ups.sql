-- One notification for every case that is due (rules.md R5.1); bounds of the windows as moments of churns, see core/follow_ups.py.
-- A notification that was skipped, or whose message was taken back, counts as never planned.
insert into notifications (product, uid, case_id, region, stage, csm_name, csm_email, channel, status, planned_at, pull_id)
select product, uid, id, region, stage, owner_name, owner_email, %(channel)s, 'planned', %(now)s, %(pull)s
from (
    select open.*,
        case when owners.id is null then open.csm_name else owners.csm_name end      as owner_name,
        case when owners.id is null then open.csm_email else owners.csm_email end    as owner_email,
        case
            when last_stage = 0 then 'first'
            when last_stage < 2 and churned_at >= %(second_from)s and churned_at < %(second_until)s then 'second'
            when last_stage < 3 and churned_at >= %(final_from)s and churned_at < %(final_until)s then 'final'
        end                                                                          as stage
    from (
        select cases.*,
            (
                select coalesce(max(case stage when 'first' then 1 when 'second' then 2 when 'final' then 3 else 0 end), 0)
                from notifications had
                where had.case_id = cases.id and had.status <> 'skipped' and had.corrected_at is null
            )                                                                        as last_stage
        from cases
        where product = %(product)s and cases.churned_at <= %(now)s and
{{eligible}}
    ) as open
    left join owners on owners.case_id = open.id and owners.since_at = (
        select max(named.since_at) from owners named where named.case_id = open.id and named.since_at <= %(now)s
    )
    where not exists (
        select 1 from notifications today
        where today.case_id = open.id and today.stage in ('first', 'second', 'final') and today.status <> 'skipped'
            and today.planned_at >= %(today_from)s and today.planned_at < %(today_until)s
    )
) as due
where stage is not null
order by id
