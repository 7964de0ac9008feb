-- Claims about cases that are not void, with what of the case their verdict follows from. case_csm: its frozen owner; owners: see
-- fresh_cases.sql. next_claimed_at: when the next claim was made about the case; won_next_at: the next won one.
create table fresh_claims as
select read_claims.id, case_id, outcome, csms.csm, claimed_at,
    product, region, fresh_cases.csm as case_csm, owners, churned_at, readopted_at,
    lead(claimed_at) over newer                                                         as next_claimed_at,
    min(case when outcome = 'won' then claimed_at end) over (newer rows between 1 following and unbounded following) as won_next_at
from fresh_cases
join read_claims on read_claims.case_id = fresh_cases.id
join csms on csms.csm_name is not distinct from read_claims.csm_name and csms.csm_email is not distinct from read_claims.csm_email
where voided_at is null
window newer as (partition by case_id order by claimed_at, read_claims.id)
