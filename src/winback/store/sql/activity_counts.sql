-- What is kept of one source. Parameter: source.
select count(*), count(uid), count(case when uid is not null and (csm_name is not null or csm_email is not null) then 1 end)
from activities
where source = %(source)s
