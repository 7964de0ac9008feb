-- On re-adoption whoever got the newest delivered message about the case is told once (rules.md R5.5), on the channel where it was
-- delivered; on the first one, where that is not among `channels` (`,slack,email,`) any more.
insert into notifications (product, uid, case_id, region, stage, csm_name, csm_email, channel, status, planned_at, pull_id)
select cases.product, cases.uid, cases.id, cases.region, 'readopted', told.csm_name, told.csm_email, %(channel)s, 'planned', %(now)s, %(pull)s
from cases
join notifications told on told.id = (
    select delivered.id from notifications delivered
    where delivered.case_id = cases.id and delivered.status = 'sent' and delivered.stage in ('first', 'second', 'final')
        and delivered.corrected_at is null and (
            delivered.channel = %(channel)s
            or %(is_first)s and %(channels)s not like '%%,' || delivered.channel || ',%%'
        )
    order by delivered.sent_at desc, delivered.id desc limit 1
)
where cases.closed_by_id = %(pull)s and cases.voided_at is null
order by cases.id
