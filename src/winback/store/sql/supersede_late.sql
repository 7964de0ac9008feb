-- An earlier stage that an undo planned again gives way where a later one has been delivered (rules.md R5.1, R5.4).
update notifications
set status = 'superseded'
where status in ('planned', 'waiting') and stage in ('first', 'second', 'final')
    and
{{of_run}}
    and exists (
        select 1 from notifications later
        where later.case_id = notifications.case_id and later.channel = notifications.channel and later.status not in ('skipped', 'superseded') and later.corrected_at is null
            and case later.stage when 'first' then 1 when 'second' then 2 when 'final' then 3 else 0 end
                > case notifications.stage when 'first' then 1 when 'second' then 2 else 3 end
    )
