-- Closed opportunities of known accounts that had a churn before (rules.md R6.5), with their owner: the CSM, else whom the CRM names.
-- Cases are looked up by product and UID, as their index has them;
-- `cross join` is the order in which SQLite takes them. Parameter: source.
select found.external_id, found.uid, found.product, found.outcome, found.occurred_at, found.note,
    case when found.csm_name is null and found.csm_email is null then people.name else found.csm_name end,
    case when found.csm_name is null and found.csm_email is null then people.email else found.csm_email end
from activities found
left join crm_owners people on people.source = found.source and people.ref = found.owner_ref
where found.source = %(source)s and found.outcome is not null and not coalesce(people.is_robot, false) and exists (
    select 1 from (select distinct product from pulls) as tracked cross join cases
    where cases.product = tracked.product and cases.uid = found.uid and cases.churned_at <= found.occurred_at
        and (found.product is null or found.product = tracked.product)
)
order by found.id
