-- Whether a column could be the UID: rows with any value, those without one in it, and different values. The view `unknown` has the
-- whole report. $cell, $whole_row: trimmed, see trimmed.sql.
select count(*) as counted, count(cell) as filled, count(distinct cell) as different
from (select $cell as cell, $whole_row as whole_row from unknown) as trimmed
where whole_row is not null
