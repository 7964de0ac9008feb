-- Every claim about the cases asked for that are not void, with its verdict at the moment (rules.md R6.2, R6.3). is_newest: of its case;
-- says_lost: of the lost ones made by the moment, those after which none was a won one. Parameters: credited_until, up to when claims count
-- (at, mostly); recovery_days, claim_days.
create or replace temp table judged as
select case_id, cast(outcome as outcome) as outcome, csm, claimed_at,
    cast(case
        when outcome = 'lost' then case when closed_at is null then 'true' else 'false' end
        when closed_at is null then case when today <= claimed_on + %(recovery_days)s then 'pending' else 'false' end
        when closed_on <= claimed_on + %(recovery_days)s and claimed_on <= closed_on + %(claim_days)s then 'true'
        else 'false'
    end as verdict)                                                                     as verdict,
    next_claimed_at is null or next_claimed_at > %(credited_until)s                     as is_newest,
    outcome = 'lost' and claimed_at <= %(at)s and (won_next_at is null or won_next_at > %(at)s) as says_lost
from (
    select *, local_day(%(at)s) as today, local_day(claimed_at) as claimed_on, local_day(closed_at) as closed_on
    from (
        select *, case when readopted_at <= %(at)s then readopted_at end                as closed_at,
            owner_at(case_csm, owners, least(readopted_at, %(at)s))                     as owner
        from claims
        where claimed_at <= %(credited_until)s and churned_at <= %(at)s
            and (cast(%(product)s as text) is null or product = %(product)s)
    ) as owned
    where
{{of_owner}}
) as dated_claims
