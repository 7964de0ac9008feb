-- The account is back: what was planned and not delivered is not said any more.
update notifications
set status = 'skipped', settled_by_id = %(pull)s, settled_from = status, error = 'the account came back before it was sent'
where status in ('planned', 'waiting') and stage in ('first', 'second', 'final')
    and case_id in (select id from cases where closed_by_id = %(pull)s)
