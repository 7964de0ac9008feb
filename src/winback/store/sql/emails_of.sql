-- The names of the CSMs of open cases, with the e-mail addresses of those who bear them. Parameter: name (null: all).
select csm_name, lower(csm_email) from cases
where readopted_at is null and csm_email is not null and csm_name is not null
    and (cast(%(name)s as text) is null or csm_name = %(name)s)
union
select owners.csm_name, lower(owners.csm_email) from owners join cases on cases.id = owners.case_id
where cases.readopted_at is null and owners.csm_email is not null and owners.csm_name is not null
    and (cast(%(name)s as text) is null or owners.csm_name = %(name)s)
