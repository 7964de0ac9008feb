-- How many rejected rows have each reason, the most frequent first.
select reason, count(*) as n
from $rejected
group by reason
order by n desc, reason
