-- As sql/known_regions.sql, of columns.
select coalesce(name, '')
from regions
where region in (select region from cases union select region from adoptions)
order by 1
