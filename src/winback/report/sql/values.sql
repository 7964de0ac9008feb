-- The most frequent values of one column, in the table `sampled`. $trimmed: see trimmed.sql.
select cell, count(*) as counted
from (select $trimmed as cell from sampled) as trimmed
where cell is not null
group by cell
order by counted desc, cell
limit 7
