-- What is planned and not yet delivered, the largest GMV first. Parameters: clock; product and pull, see of_run.sql.
{{told}}
where notifications.status = 'planned' and corrected_at is null and (not_before is null or not_before <= %(clock)s) and
{{of_run}}
order by gmv desc nulls last, notifications.id
