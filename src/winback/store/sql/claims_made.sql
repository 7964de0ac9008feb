-- How many claims each CSM has made about cases that are not void, by outcome and verdict at the moment.
with
{{episodes}},
{{verdicts}},
made as (
    select coalesce(lower(judged.csm_email), judged.csm_name, '') as author_key, outcome, verdict, region, owner_name, owner_email
    from judged
    join owned on owned.id = judged.case_id
    where verdict is not null
)
select author_key, outcome, verdict, count(*)
from made
where
{{of_owner}}
group by author_key, outcome, verdict
