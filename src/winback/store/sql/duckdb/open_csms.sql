-- As sql/open_csms.sql, of columns.
with owned as (
    select coalesce(list_last(owners).csm, csm) as owner
    from cases
    where readopted_at is null and voided_at is null
)
select csm_name, csm_email, count(*)
from owned
join csms on csms.csm = owner
where csm_name is not null or csm_email is not null
group by csm_name, csm_email
order by csm_name, csm_email
