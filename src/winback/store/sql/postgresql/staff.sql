select value ->> 0 as csm_key, (value ->> 1)::bigint as calendar from json_array_elements(cast(%(staff)s as json)) as each (value)
