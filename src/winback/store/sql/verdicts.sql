-- judged: every claim of a case with its verdict at the moment (rules.md R6.2, R6.3), nth 1 being the newest of its case. Parameters:
-- credited_until, up to when claims count (at, mostly); today, the local day of at; recovery_days, claim_days; zone.
zone as (
{{zone}}
),
judged as (
    select id, case_id, outcome, csm_name, csm_email, claimed_at,
        case
            when voided_at is not null then null
            when outcome = 'lost' then case when closed_at is null then 'true' else 'false' end
            when closed_at is null then case when %(today)s <= claimed_on + %(recovery_days)s then 'pending' else 'false' end
            when closed_on <= claimed_on + %(recovery_days)s and claimed_on <= closed_on + %(claim_days)s then 'true'
            else 'false'
        end                                                                             as verdict,
        row_number() over (partition by case_id order by claimed_at desc, id desc)      as nth
    from (
        select claims.id, claims.case_id, claims.outcome, claims.csm_name, claims.csm_email, claims.claimed_at, cases.voided_at,
            (claims.claimed_at + said.shift) / 86400000000                              as claimed_on,
            (cases.readopted_at + back.shift) / 86400000000                             as closed_on,
            case when cases.readopted_at <= %(at)s then cases.readopted_at end          as closed_at
        from claims
        join cases on cases.id = claims.case_id
        join zone said on claims.claimed_at >= said.since_at and claims.claimed_at < said.until_at
        left join zone back on cases.readopted_at >= back.since_at and cases.readopted_at < back.until_at
        where claims.claimed_at <= %(credited_until)s
    ) as dated_claims
)
