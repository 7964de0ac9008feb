-- The same of wins.
select * from (
    select id, 'case' as made, product, uid, merchant_name, region, gmv, revenue, owner_name, owner_email, churned_at, arm, credit,
        'win_back' as kind, closed_at as since_at, closed_at - churned_at as length
    from credited as episode
    where closed_at is not null and
{{latest}}
    union all
    select id, 'adoption', product, uid, merchant_name, region, gmv, revenue, csm_name, csm_email, null, null, null,
        'new_adoption', won_at, null
    from adopted
) as won
where
{{of_owner}}
