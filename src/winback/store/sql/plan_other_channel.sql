-- What a pull planned for the first channel is planned for another one too.
insert into notifications (product, uid, case_id, adoption_id, region, stage, csm_name, csm_email, channel, status, planned_at, pull_id)
select product, uid, case_id, adoption_id, region, stage, csm_name, csm_email, %(channel)s, 'planned', planned_at, pull_id
from notifications
where pull_id = %(pull)s and channel = %(first)s and stage <> 'readopted'
order by id
