-- What must not be said any more at the moment of sending (rules.md R5.4).
update notifications
set status = 'skipped', error = 'the case was won, lost or void before it was sent'
where status in ('planned', 'waiting') and stage in ('first', 'second', 'final')
    and
{{of_run}}
    and not exists (
        select 1 from cases where cases.id = notifications.case_id and
{{eligible}}
    )
