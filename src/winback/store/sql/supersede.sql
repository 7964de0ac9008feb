-- An undelivered earlier stage gives way to the later one that this pull planned (rules.md R5.4).
update notifications
set status = 'superseded', settled_by_id = %(pull)s, settled_from = status
where status in ('planned', 'waiting') and pull_id <> %(pull)s and stage in ('first', 'second', 'final')
    and case_id in (
        select planned.case_id from notifications planned
        where planned.pull_id = %(pull)s and planned.stage in ('first', 'second', 'final')
    )
