-- As for SQLite.
select value ->> 0 as csm_key, cast(value ->> 1 as bigint) as calendar from json_each(%(staff)s)
