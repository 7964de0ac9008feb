-- The filters by region (frozen) and by CSM (owner, by name or e-mail).
(cast(%(region)s as text) is null or coalesce(region, '') = %(region)s)
    and (
        cast(%(csm)s as text) is null
        or owner_name = %(csm)s
        or lower(owner_email) = %(csm_email)s
        or (%(csm)s = '' and owner_name is null and owner_email is null)
    )
