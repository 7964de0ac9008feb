-- What one message tells of.
{{told}}
where notifications.message_id = %(message)s
order by gmv desc nulls last, notifications.id
