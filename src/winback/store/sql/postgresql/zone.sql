select (value ->> 0)::bigint as since_at, (value ->> 1)::bigint as until_at, (value ->> 2)::bigint as shift
from json_array_elements(cast(%(zone)s as json)) as each (value)
