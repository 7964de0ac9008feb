-- Table activities: what was done at or before the moment; an activity has no region to filter by. What was sold is among the claims.
select source, external_id, product, uid, csm_name, kind, occurred_at, logged_at
from (
    select activities.*, cast(null as text) as region
    from activities
    where occurred_at <= %(at)s and is_done and outcome is null and kind <> 'opportunity'
        and (cast(%(product)s as text) is null or product is null or product = %(product)s)
) as activities
where
{{of_csm}}
order by occurred_at, id
