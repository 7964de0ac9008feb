-- The latest cases of a moment that were engaged, of which times to engage are made. A table, since DuckDB 2.0 breaks off where text is joined
-- to so many rows of several sources. Comes after newest.sql.
create or replace temp table engaged as
with
{{credited}}
select region, owner, churned_at, engaged_at, messaged_at from credited where engaged_at is not null
