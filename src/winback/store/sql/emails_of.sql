-- The e-mail addresses of the CSMs of open cases that bear a name. Parameter: name.
select lower(csm_email) from cases where readopted_at is null and csm_name = %(name)s and csm_email is not null
union
select lower(owners.csm_email) from owners join cases on cases.id = owners.case_id
where cases.readopted_at is null and owners.csm_name = %(name)s and owners.csm_email is not null
