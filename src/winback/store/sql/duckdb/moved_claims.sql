-- In the place of all claims those about cases that moved, see moved_cases.sql. To be asked once.
create temp table claims as
select claims.* replace (claims.case_id * %(many)s + movements.period as case_id), asked_at
from claims
join movements on movements.case_id = claims.case_id
join periods on periods.period = movements.period
