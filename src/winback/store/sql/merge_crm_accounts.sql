-- What the CRM knows of its accounts; what a person has said of one stays.
insert into crm_accounts (source, ref, name, uid)
select %(source)s, ref, name, uid from staged_crm_accounts where true
on conflict (source, ref) do update set name = excluded.name, uid = excluded.uid
