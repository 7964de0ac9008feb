-- A moment in ISO 8601 as microseconds since 1970 UTC, or null (rules.md R1.3, R2.6).
-- $spelled: see spelled.sql. $dated: the same with the time of a bare date. $timezone: where a moment without an offset is.
-- Each engine has its own local_micros and instant_micros.
case
    when regexp_matches($spelled, '^[0-9]{4}-[0-9]{2}-[0-9]{2}\z')
        then local_micros($dated, $timezone)
    when regexp_matches($spelled, '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?\z')
        then local_micros($spelled, $timezone)
    when regexp_matches($spelled, '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?[+-](0[0-9]|1[0-7])(:[0-5][0-9])?\z')
        then instant_micros($spelled)
end
