-- What was read, as far as it was written (`met`): rows, accounts, warnings; the rows' hashes added up.
-- base_hash: of the rows in the base that met a row of the report, or were absent, each account once: the
-- hash of each is another.
select
    count(*) filter (where is_listed)                                           as listed,
    count(*) filter (where is_listed and reason is null)                        as accepted,
    count(*) filter (where is_listed and is_known)                              as listed_known,
    count(*) filter (where not is_listed)                                       as absent,
    coalesce(sum(unreadable_amounts), 0)                                        as unreadable_amounts,
    coalesce(sum(cast(row_hash as decimal(38, 0))) filter (where is_listed), 0) as row_hash,
    coalesce(sum(distinct cast(base_hash as decimal(38, 0))), 0)                as base_hash
from met
