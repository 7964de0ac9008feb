-- Answers to "was this useful?", about a case or a new adoption.
create table fresh_answers as
select read_feedback.id, case_id, adoption_id, stage, csm, useful, answered_at
from read_feedback
join read_notifications on read_notifications.id = notification_id
join csms on csms.csm_name is not distinct from read_feedback.csm_name and csms.csm_email is not distinct from read_feedback.csm_email
