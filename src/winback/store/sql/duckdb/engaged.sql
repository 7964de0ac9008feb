-- The latest cases of a moment that were engaged, of which times to engage are made. messaged_at: where the message was not later than the
-- engagement. A table, since DuckDB 2.0 breaks off where text is joined to so many rows of several sources.
create or replace temp table engaged as
with
{{known}}
select region, owner, churned_at, engaged_at, case when messaged_at <= engaged_at then messaged_at end as messaged_at
from known
where engaged_at <= %(at)s and
{{is_latest}} and
{{of_owner}}
