-- As for SQLite.
select cast(value ->> 0 as bigint) as since_at, cast(value ->> 1 as bigint) as until_at, cast(value ->> 2 as bigint) as shift
from json_each(%(zone)s)
