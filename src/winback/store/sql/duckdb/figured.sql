-- figured: what each case, and each new adoption that is its account's latest episode, counts as, and since when.
figured as (
    select case status when 'at_risk' then 'at_risk' when 'lost' then 'churned' else 'win_back' end as kind, since_at,
        region, owner, gmv, revenue, credit, claim, verdict, credit_csm
    from credited
    union all
    select 'new_adoption', won_at, region, owner, gmv, revenue, null, null, null, null
    from (select *, csm as owner from adoptions) as adopted
    where won_at <= %(at)s and (churned_at is null or churned_at > %(at)s)
        and (cast(%(product)s as text) is null or product = %(product)s) and
{{of_owner}}
)
