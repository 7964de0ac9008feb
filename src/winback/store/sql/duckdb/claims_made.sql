-- How many claims each CSM has made about cases that are not void, by outcome and verdict at the moment.
select csm_key, outcome, verdict, count(*)
from judged
join csms on csms.csm = judged.csm
group by csm_key, outcome, verdict
