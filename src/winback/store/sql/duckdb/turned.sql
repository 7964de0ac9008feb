-- The cases that have turns, see fresh_cases.sql.
create or replace temp table turned as
select * exclude (uid, called) from cases
where turns > 0
