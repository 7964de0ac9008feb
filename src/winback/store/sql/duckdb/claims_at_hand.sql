-- Claims in memory, of which something is asked many times.
create temp table claims as
select * from claims
