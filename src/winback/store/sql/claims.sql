-- Table claims: made known at or before the moment, with their verdicts at it; those of void cases and without a case have none.
with
{{verdicts}}
select product, uid, case_id, merchant_name, csm_name, outcome, reason, note, claimed_at, recorded_at, source, verdict
from (
    select claims.*, cases.merchant_name, cases.region, judged.verdict
    from claims
    left join cases on cases.id = claims.case_id
    left join judged on judged.id = claims.id
    where claims.claimed_at <= %(at)s
        and (cast(%(product)s as text) is null or claims.product is null or claims.product = %(product)s)
) as claims
where
{{of_csm}}
order by claimed_at, id
