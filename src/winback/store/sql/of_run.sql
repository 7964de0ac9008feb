-- What a run sends: everything, or what the pulls of a product up to one of them planned and were to send. Parameters: product, pull.
(
    cast(%(product)s as text) is null
    or notifications.product = %(product)s and notifications.pull_id <= %(pull)s
        and notifications.pull_id in (select id from pulls where sends)
)
