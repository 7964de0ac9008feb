-- What must not be said any more at the moment of sending (rules.md R5.4).
update notifications
set status = 'skipped', error = 'before it was sent, the case was won, lost, void, claimed, snoozed or engaged'
where status in ('planned', 'waiting') and stage in ('first', 'second', 'final')
    and
{{of_run}}
    and not exists (
        select 1 from cases where cases.id = notifications.case_id and
{{eligible}}
    )
