-- The newest claim of each case at a moment. said_at: the first of the unbroken run of lost claims that ends with it. Comes after judged.sql.
create or replace temp table newest as
select case_id, any_value(outcome) filter (is_newest) as claim, any_value(verdict) filter (is_newest) as verdict,
    any_value(csm) filter (is_newest) as claimed_csm, min(claimed_at) filter (says_lost) as said_at
from judged
group by case_id
