-- Accounts of the CRM of which no UID is known, with how many records they have; those with the most first.
select activities.source, activities.account_ref, crm_accounts.name, null, count(*), max(occurred_at)
from activities
left join crm_accounts on crm_accounts.source = activities.source and crm_accounts.ref = activities.account_ref
where activities.uid is null and activities.account_ref is not null
group by activities.source, activities.account_ref, crm_accounts.name
order by count(*) desc, activities.source, activities.account_ref
