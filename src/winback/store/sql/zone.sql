-- The clocks of the workspace's time zone: from since_at until before until_at they are ahead of UTC by shift, so that the local day of
-- a moment is (moment + shift) / 86400000000. Parameter: zone, see core/moments.py shifts.
select json_extract(value, '$[0]') as since_at, json_extract(value, '$[1]') as until_at, json_extract(value, '$[2]') as shift
from json_each(%(zone)s)
