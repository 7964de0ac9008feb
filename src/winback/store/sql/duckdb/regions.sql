-- The same for regions.
insert into regions
select (select coalesce(max(region), 0) from regions) + row_number() over (), region, lower(region)
from (select region from read_cases union select region from read_adoptions) as named
where not exists (select 1 from regions known where known.name is not distinct from named.region)
