-- Every claim about the cases asked for that are not void, with its verdict at the moment (rules.md R6.2, R6.3); nth 1 is the newest of
-- its case. Parameters: credited_until, up to when claims count (at, mostly); today, the local day of at; recovery_days, claim_days.
create or replace temp table judged as
with
{{known}}
select case_id, id, cast(outcome as outcome) as outcome, csm, claimed_at,
    cast(case
        when outcome = 'lost' then case when closed_at is null then 'true' else 'false' end
        when closed_at is null then case when %(today)s <= claimed_on + %(recovery_days)s then 'pending' else 'false' end
        when closed_on <= claimed_on + %(recovery_days)s and claimed_on <= closed_on + %(claim_days)s then 'true'
        else 'false'
    end as verdict)                                                                     as verdict,
    row_number() over (partition by case_id order by claimed_at desc, id desc)          as nth
from (
    select claims.*, closed_at, local_day(claimed_at) as claimed_on, local_day(closed_at) as closed_on
    from claims
    join (select id, region, owner, closed_at from known where turns > 0) as turned on turned.id = case_id
    where claimed_at <= %(credited_until)s and
{{of_owner}}
) as dated_claims
