-- Rejected rows with line, reason and content (rules.md R3.6). `lines`: the raw rows with their lines; `repeated`: see repeated.sql.
-- $flags: every spelling of a flag that can be read. $needs_flag: flag mode.
with trimmed as (
    select
        nullif(trim(lines.uid, $blanks), '')                                        as uid,
        lower(trim(is_product_enabled, $blanks))                                    as flag,
        coalesce(trim(lines.uid, $blanks), '') = '' and trim(whole_row, $blanks) = '' as is_empty,
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
