-- figured: what the latest cases count as.
figured as (
    select case status when 'at_risk' then 'at_risk' when 'lost' then 'churned' else 'win_back' end as kind,
        region, owner, credit, credit_csm, claim, verdict, band, accounts, gmv, revenue
    from cells
)
