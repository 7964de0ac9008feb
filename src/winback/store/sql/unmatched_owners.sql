-- People of the CRM who are no known CSM, have done something for accounts with a case, and of whom nobody has said that they are none.
select activities.source, activities.owner_ref, crm_owners.name, crm_owners.email, count(*), max(occurred_at)
from activities
join crm_owners on crm_owners.source = activities.source and crm_owners.ref = activities.owner_ref
where crm_owners.csm_name is null and crm_owners.csm_email is null and not crm_owners.is_nobody and not crm_owners.is_robot
    and exists (
        select 1 from (select distinct product from pulls) as tracked cross join cases
        where cases.product = tracked.product and cases.uid = activities.uid
    )
group by activities.source, activities.owner_ref, crm_owners.name, crm_owners.email
order by count(*) desc, activities.source, activities.owner_ref
