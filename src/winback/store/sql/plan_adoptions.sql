-- New adoptions are announced to their CSM (rules.md R5.5).
insert into notifications (product, uid, adoption_id, region, stage, csm_name, csm_email, channel, status, planned_at, pull_id)
select product, uid, id, region, 'new_adoption', csm_name, csm_email, %(channel)s, 'planned', %(now)s, %(pull)s
from adoptions
where pull_id = %(pull)s
order by id
