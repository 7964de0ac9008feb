-- What resolved.sql reads. Parameter: source.
left join crm_accounts accounts on accounts.source = %(source)s and accounts.ref = found.account_ref
left join crm_owners people on people.source = %(source)s and people.ref = found.owner_ref
left join crm_owners makers on makers.source = %(source)s and makers.ref = found.maker_ref
