-- The owners of open cases (rules.md R4.8), each with how many. Cases without an owner are left out.
select csm_name, csm_email, count(*)
from (
    select
        case when owners.id is null then cases.csm_name else owners.csm_name end   as csm_name,
        case when owners.id is null then cases.csm_email else owners.csm_email end as csm_email
    from cases
    left join owners on owners.case_id = cases.id and owners.since_at = (
        select max(named.since_at) from owners named where named.case_id = cases.id
    )
    where cases.readopted_at is null and cases.voided_at is null
) as owned
where csm_name is not null or csm_email is not null
group by csm_name, csm_email
order by csm_name, csm_email
