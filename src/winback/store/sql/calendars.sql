-- Working hours by day of UTC, one calendar for each way to work that people have. Parameter: calendars, rows of a calendar's number and
-- those of core/working_time.py.
select json_extract(value, '$[0]') as calendar, json_extract(value, '$[1]') as day,
    json_extract(value, '$[2]') as opens, json_extract(value, '$[3]') as closes,
    json_extract(value, '$[4]') as opens_again, json_extract(value, '$[5]') as closes_again, json_extract(value, '$[6]') as before
from json_each(%(calendars)s)
