-- Rejected rows with line, reason and content (rules.md R3.6). `lines`: the raw rows with their lines; `repeated`: see repeated.sql.
-- $flags: every spelling of a flag that can be read. $needs_flag: flag mode.
with trimmed as (
    select
        $trimmed_uid as uid,
        lower($trimmed_is_product_enabled) as flag,
        $trimmed_uid is null and $trimmed_whole_row is null as is_empty,
        line, nth, content
    from lines
),
judged as (
    select
        line, nth, trimmed.uid, content,
        case
            when trimmed.uid is null then 'missing uid'
            when is_conflict then 'conflicting duplicate'
            when not coalesce(flag in $flags, false) and $needs_flag then 'unknown flag'
        end                                                                         as reason
    from trimmed left join repeated on repeated.uid = trimmed.uid
    where not is_empty
)
select line, reason, uid, content from judged where reason is not null order by nth
