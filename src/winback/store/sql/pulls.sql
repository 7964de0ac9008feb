-- Table pulls: held ones first, then the newest first.
select id, product, at, status, reason, rows, accepted, rejected, churned, won, missing, source, read_at, decided_by
from pulls
where at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
order by case when status = 'held' then 0 else 1 end, at desc, id desc
