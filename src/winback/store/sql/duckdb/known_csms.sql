-- As sql/known_csms.sql, of columns.
with named as (
    select csm from cases
    union
    select owned.csm from (select unnest(owners) as owned from cases where turns > 0) as given
    union
    select csm from adoptions
)
select csm_name, csm_email
from csms
where csm in (from named) and (csm_name is not null or csm_email is not null)
