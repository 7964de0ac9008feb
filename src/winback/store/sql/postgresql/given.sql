-- As for SQLite.
select cast(value ->> 0 as bigint) as id, value ->> 1 as first_text, value ->> 2 as second_text
from json_array_elements(cast(%(given)s as json))
