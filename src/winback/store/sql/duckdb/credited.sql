-- credited: of each account the latest case at a moment (R4.4): what it is since when, its credit, and whom that belongs to.
{{credited_cases}},
credited as not materialized (
    select status, region, owner, gmv, revenue, churned_at, engaged_at, claim, verdict,
        case status when 'at_risk' then churned_at when 'lost' then lost_at else closed_at end as since_at,
        case status when 'won' then win_credit when 'lost' then loss_credit end             as credit,
        case
            when status = 'at_risk' then null
            when status = 'won' then
                case win_credit when 'csm' then claimed_csm when 'assisted' then engaged_csm else owner end
            when claim = 'lost' then claimed_csm
            when loss_credit = 'csm' then engaged_csm
            else owner
        end                                                                                 as credit_csm
    from credited_cases
    where
{{is_latest}}
)
