-- A moment in ISO 8601 as microseconds since 1970 UTC, or null (rules.md R1.3, R2.6).
-- $spelled: see spelled.sql. $local_date, $local_moment: what has no offset, see local.sql.
case
    when regexp_matches($spelled, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
        then $local_date
    when regexp_matches($spelled, '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$')
        then $local_moment
    when regexp_matches($spelled, '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?[+-][0-9]{2}(:[0-9]{2})?$')
        then epoch_us(try_cast($spelled as timestamptz))
end
