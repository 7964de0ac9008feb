-- The newest claim of each case at a moment. said_at: the first of the unbroken run of lost claims that ends with it. Comes after judged.sql.
create or replace temp table newest as
with
spoken as (
    select case_id, max(case when outcome = 'won' then (claimed_at, id) end)            as won
    from judged
    where claimed_at <= %(at)s
    group by case_id
),
said_lost as (
    select judged.case_id, min(claimed_at)                                              as said_at
    from judged
    join spoken on spoken.case_id = judged.case_id
    where outcome = 'lost' and claimed_at <= %(at)s and (won is null or (claimed_at, id) > won)
    group by judged.case_id
)
select judged.case_id, outcome as claim, verdict, csm as claimed_csm, said_at
from judged
left join said_lost on said_lost.case_id = judged.case_id
where nth = 1
