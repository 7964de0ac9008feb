-- Accounts at risk before and after whose CSM or amounts changed (rules.md R2.7, R4.8). `open_cases`: in flag mode, where a false
-- flag alone does not mean that a case is open; $all_open: presence mode, where it does.
select t2.uid, t2.csm_name, t2.csm_email, cast(10000 * cast(t2.gmv as decimal(38, 4)) as bigint) as gmv, cast(10000 * cast(t2.revenue as decimal(38, 4)) as bigint) as revenue,
    t1.csm_name is distinct from t2.csm_name or t1.csm_email is distinct from t2.csm_email as has_new_csm,
    t1.gmv is distinct from t2.gmv or t1.revenue is distinct from t2.revenue               as has_new_worth
from t1 join met as t2 on t1.uid = t2.uid
where t2.is_listed and t2.reason is null and t2.is_changed and not t2.was_enabled and not t2.is_product_enabled
    and (t1.csm_name is distinct from t2.csm_name or t1.csm_email is distinct from t2.csm_email
        or t1.gmv is distinct from t2.gmv or t1.revenue is distinct from t2.revenue)
    and ($all_open or t2.uid in (select uid from open_cases))
order by t2.uid
