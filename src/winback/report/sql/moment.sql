-- A moment in ISO 8601 as microseconds since 1970 UTC, or null (rules.md R1.3, R2.6).
-- $cell: trimmed text. $at_time: the time of a bare date. $timezone: where a moment without an offset is.
case
    when regexp_matches($cell, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
        then epoch_us(timezone($timezone, try_cast($cell || ' ' || $at_time as timestamp)))
    when regexp_matches($cell, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$')
        then epoch_us(timezone($timezone, try_cast(replace($cell, 'T', ' ') as timestamp)))
    when regexp_matches($cell, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$')
        then epoch_us(try_cast(
            regexp_replace(replace(replace(replace($cell, 'T', ' '), 'Z', '+00:00'), ' +', '+'), '([+-][0-9]{2})([0-9]{2})$', '\1:\2')
            as timestamptz))
end
