insert into view_settings (lost_after, recovery_days, claim_days, zone, calendars, staff)
values (%(lost_after)s, %(recovery_days)s, %(claim_days)s, %(zone)s, %(calendars)s, %(staff)s)
