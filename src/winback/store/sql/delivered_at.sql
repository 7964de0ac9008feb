-- When a stage of some cases was delivered, on each channel. Parameters: given (ids of cases), stage.
select case_id, channel, max(sent_at)
from notifications
where case_id in (select given.id from ({{given}}) as given) and stage = %(stage)s and status = 'sent' and corrected_at is null
group by case_id, channel
