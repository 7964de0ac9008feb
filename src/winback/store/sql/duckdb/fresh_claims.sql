create table fresh_claims as
select id, case_id, outcome, csm, claimed_at
from read_claims
join csms on csms.csm_name is not distinct from read_claims.csm_name and csms.csm_email is not distinct from read_claims.csm_email
where case_id is not null
