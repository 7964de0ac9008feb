-- In the place of all cases those that moved, once for each period in which they did: what follows sees no others. begun, asked_at: of the
-- period; id: another for each. Parameter: many, how many periods there are. To be asked once, after movements.sql and periods.sql.
create temp table cases as
select id * %(many)s + movements.period as id, movements.period, begun, asked_at, product, region, csm, gmv, revenue, churned_at, readopted_at,
    voided_at, next_churned_at, turns, owners, engaged_at, arm
from cases
join movements on movements.case_id = cases.id
join periods on periods.period = movements.period
where turns > 0
