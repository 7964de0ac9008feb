-- Closed opportunities of known accounts that had a churn before (rules.md R6.5), with their owner: the CSM, else whom the CRM names.
-- Parameter: source.
select found.external_id, found.uid, found.product, found.outcome, found.occurred_at, found.note,
    case when found.csm_name is null and found.csm_email is null then people.name else found.csm_name end,
    case when found.csm_name is null and found.csm_email is null then people.email else found.csm_email end
from activities found
left join crm_owners people on people.source = found.source and people.ref = found.owner_ref
where found.source = %(source)s and found.outcome is not null and not coalesce(people.is_robot, false) and found.id in (
    select sold.id from activities sold
    join cases on cases.uid = sold.uid and (sold.product is null or cases.product = sold.product)
    where sold.source = %(source)s and sold.outcome is not null and cases.churned_at <= sold.occurred_at
)
order by found.id
