-- What the views take from the settings.
select lost_after, recovery_days, claim_days, zone, calendars, staff from view_settings
