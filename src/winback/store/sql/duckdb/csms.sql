-- Those of the rows just read who are not known yet. csm: a small number, by which cases are grouped faster than by names; csm_key: what
-- tells one CSM from another, the e-mail or else the name; called: by what they are put in order.
insert into csms
select (select coalesce(max(csm), 0) from csms) + row_number() over (), csm_name, csm_email, coalesce(lower(csm_email), csm_name, ''), lower(coalesce(csm_name, csm_email))
from (
    select csm_name, csm_email from read_cases
    union select csm_name, csm_email from read_adoptions
    union select csm_name, csm_email from read_owners
    union select csm_name, csm_email from read_claims
    union select csm_name, csm_email from read_activities
    union select csm_name, csm_email from read_feedback
) as named
where not exists (
    select 1 from csms known
    where known.csm_name is not distinct from named.csm_name and known.csm_email is not distinct from named.csm_email
)
