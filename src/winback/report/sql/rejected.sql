-- Rejected rows with line, reason and content (rules.md R3.6). $lines: the raw rows with their lines; `met`: what was made of them.
-- $flags: every spelling of a flag that can be read. $needs_flag: flag mode.
with trimmed as (
    select
        $trimmed_uid as uid,
        lower($trimmed_is_product_enabled) as flag,
        $trimmed_uid is null and $trimmed_whole_row is null as is_empty,
        line, nth, content
    from $lines as lines
),
judged as (
    select
        line, nth, uid, content,
        case
            when uid is null then 'missing uid'
            when trimmed.uid in (select uid from met where reason = 'conflicting duplicate') then 'conflicting duplicate'
            when not coalesce(flag in $flags, false) and $needs_flag then 'unknown flag'
        end                                                                         as reason
    from trimmed
    where not is_empty
)
select line, reason, uid, content from judged where reason is not null order by nth
