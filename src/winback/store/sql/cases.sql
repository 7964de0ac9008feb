-- Table cases: the log of every episode (rules.md R4.5), void ones included.
with
{{episodes}}
select product, uid, id, merchant_name, csm_name, csm_email, region, gmv, revenue, churned_at, closed_at, lost_at, status,
    case when status in ('won', 'lost') then 'self_service' end as credit,
    null as engaged_at, null as to_engage, baseline, silent, coalesce(arm = 'held_out', false) as holdout, voided_at,
    owner_name as csm_name_now, owner_email as csm_email_now
from owned
where
{{of_owner}}
order by product, churned_at, uid
