-- The filters by region (frozen) and by CSM (owner, by name or e-mail).
(cast(%(region)s as text) is null or coalesce(region, '') = %(region)s)
    and (cast(%(csm)s as text) is null or coalesce(owner_name, '') = %(csm)s or lower(owner_email) = lower(%(csm)s))
