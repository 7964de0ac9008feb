-- As for SQLite.
select cast(value ->> 0 as bigint) as calendar, cast(value ->> 1 as bigint) as day,
    cast(value ->> 2 as bigint) as opens, cast(value ->> 3 as bigint) as closes,
    cast(value ->> 4 as bigint) as opens_again, cast(value ->> 5 as bigint) as closes_again, cast(value ->> 6 as bigint) as before
from json_each(%(calendars)s)
