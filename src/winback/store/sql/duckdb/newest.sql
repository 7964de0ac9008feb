-- The newest claim of each case at a moment. said_at: the first of the unbroken run of lost claims that ends with it. Comes after judged.sql.
create or replace temp table newest as
select case_id, any_value(outcome) filter (nth = 1) as claim, any_value(verdict) filter (nth = 1) as verdict,
    any_value(csm) filter (nth = 1) as claimed_csm, min(claimed_at) filter (says_lost)  as said_at
from judged
group by case_id
