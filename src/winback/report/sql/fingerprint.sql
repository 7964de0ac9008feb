-- What a report was (`read`): rows, accounts, and the hashes of all rows added up, see row_hash.sql.
select
    count(*)                                                                    as rows,
    count(*) filter (where reason is null)                                      as accepted,
    coalesce(sum(cast($row_hash as decimal(38, 0))), 0)                         as total
from read
