-- The latest cases of a moment that were engaged, of which times to engage are made. A table, since DuckDB 2.0 breaks off where text is joined
-- to so many rows of several sources.
create or replace temp table engaged as
with
{{dated}}
select region, owner, churned_at, engaged_at, messaged_at
from dated
where engaged_at is not null and
{{is_latest}}
