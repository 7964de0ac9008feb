-- By name or e-mail; '' are those that have neither.
select csm from csms
where csm_name = %(csm)s or lower(csm_email) = %(csm_email)s or (%(csm)s = '' and csm_name is null and csm_email is null)
