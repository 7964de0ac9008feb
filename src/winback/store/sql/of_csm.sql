-- The same filters, in an e-mail without regard to the case of A to Z, where the CSM is that of the row.
(cast(%(region)s as text) is null or coalesce(region, '') = %(region)s)
    and (
        cast(%(csm)s as text) is null
        or csm_name = %(csm)s
        or lower(csm_email) = %(csm_email)s
        or (%(csm)s = '' and csm_name is null and csm_email is null)
    )
