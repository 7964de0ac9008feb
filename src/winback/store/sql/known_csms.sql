-- Every CSM whom a report has named for an account that had a case or a new adoption, or to whom one was given.
select distinct csm_name, csm_email from cases where csm_name is not null or csm_email is not null
union
select distinct csm_name, csm_email from owners where csm_name is not null or csm_email is not null
union
select distinct csm_name, csm_email from adoptions where csm_name is not null or csm_email is not null
