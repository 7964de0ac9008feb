select (value ->> 0)::bigint as calendar, (value ->> 1)::bigint as day, (value ->> 2)::bigint as opens, (value ->> 3)::bigint as closes,
    (value ->> 4)::bigint as opens_again, (value ->> 5)::bigint as closes_again, (value ->> 6)::bigint as before
from json_array_elements(cast(%(calendars)s as json)) as each (value)
