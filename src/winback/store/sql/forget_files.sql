-- Histories older than the newest ones that are kept are not named any more; nor what undone and rejected pulls read.
update pulls
set report_file = null, base_file = null, absent_file = null
where product = %(product)s and report_file is not null and status <> 'held'
    and id not in (
        select id from pulls where product = %(product)s and status = 'applied' order by at desc limit %(keep)s
    )
