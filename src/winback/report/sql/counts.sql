-- What was read, as far as it was written (`met`): rows, accounts, warnings, currencies; the rows' hashes added up.
-- base_hash: of the rows in the base that met a row of the report, or were absent, each account once.
select
    count(*) filter (where is_listed)                                           as listed,
    count(*) filter (where is_listed and reason is null)                        as accepted,
    count(*) filter (where is_listed and is_known)                              as listed_known,
    count(*) filter (where not is_listed)                                       as absent,
    coalesce(sum(unreadable_amounts), 0)                                        as unreadable_amounts,
    count(distinct currency)                                                    as currencies,
    min(currency)                                                               as a_currency,
    max(currency)                                                               as another_currency,
    coalesce(sum(cast(row_hash as decimal(38, 0))) filter (where is_listed), 0) as row_hash,
    (select coalesce(sum(cast(base_hash as decimal(38, 0))), 0)
        from (select distinct uid, base_hash from met where base_hash is not null) as once)     as base_hash
from met
