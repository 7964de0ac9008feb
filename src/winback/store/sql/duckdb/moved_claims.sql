-- In the place of all claims those about cases that moved, see moved_cases.sql.
create temp table claims as
select claims.* replace (claims.case_id * %(many)s + moves.period as case_id), asked_at
from main.claims
join moves on moves.case_id = claims.case_id
join periods on periods.period = moves.period
