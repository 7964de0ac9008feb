-- Table cases: the log of every episode (rules.md R4.5), void ones included.
with
{{episodes}},
{{credit}},
{{times}}
select product, uid, id, merchant_name, csm_name, csm_email, region, gmv, revenue, churned_at, closed_at, lost_at, status, credit,
    engaged_at, to_engage, baseline, silent, coalesce(arm = 'held_out', false) as holdout, voided_at,
    owner_name as csm_name_now, owner_email as csm_email_now, credit_name, credit_email,
    working, messaged_at, from_message, working_from_message
from credited
left join (select id as timed_id, messaged_at, working, from_message, working_from_message from timed) as timed on timed_id = credited.id
where
{{of_owner}}
order by product, churned_at, uid
