-- A row where there are more cases than so many.
select 1 from cases order by id limit 1 offset %(many)s
