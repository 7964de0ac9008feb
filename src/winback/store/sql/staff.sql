-- Whose calendar is another than that of the workspace, which is 0. Parameter: staff, rows of an e-mail or a name, both in lower case, and
-- a calendar.
select json_extract(value, '$[0]') as csm_key, json_extract(value, '$[1]') as calendar from json_each(%(staff)s)
