-- What the CRM has deleted since. Parameter: source.
delete from activities
where source = %(source)s and exists (
    select 1 from staged_activities gone
    where gone.external_id = activities.external_id and gone.is_deleted
        and (gone.modified_at is null or activities.modified_at is null or gone.modified_at >= activities.modified_at)
)
