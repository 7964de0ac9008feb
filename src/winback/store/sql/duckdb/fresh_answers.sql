-- Answers to "was this useful?", about cases that are not void and new adoptions, with what of them tells whether they are asked for.
-- case_csm, owners: see fresh_claims.sql.
create table fresh_answers as
with
answered as (
    select case_id, adoption_id, stage, csm, useful, answered_at
    from read_feedback
    join read_notifications on read_notifications.id = notification_id
    join csms on csms.csm_name is not distinct from read_feedback.csm_name and csms.csm_email is not distinct from read_feedback.csm_email
)
select answered.*, product, region, fresh_cases.csm as case_csm, owners, churned_at, readopted_at
from fresh_cases
join answered on answered.case_id = fresh_cases.id
where voided_at is null
union all
select answered.*, product, region, fresh_adoptions.csm, null, null, null
from fresh_adoptions
join answered on answered.adoption_id = fresh_adoptions.id
