-- Table claims: made known at or before the moment.
select product, uid, case_id, merchant_name, csm_name, outcome, reason, note, claimed_at, recorded_at, source, null as verdict
from (
    select claims.*, cases.merchant_name, cases.region
    from claims left join cases on cases.id = claims.case_id
    where claimed_at <= %(at)s and (cast(%(product)s as text) is null or claims.product = %(product)s)
) as claims
where
{{of_csm}}
order by claimed_at, id
