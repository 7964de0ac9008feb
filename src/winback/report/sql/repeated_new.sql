-- Whether a UID that the history does not have has several rows.
select uid from met where is_listed and not is_known and uid is not null group by uid having count(*) > 1 limit 1
