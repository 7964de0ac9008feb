select region from regions where coalesce(name, '') = %(region)s
