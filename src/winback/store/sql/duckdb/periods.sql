-- Some periods that follow each other: where each begins, and its last moment that has passed. Parameters: periods, where they begin; at, the
-- last moment of all.
create temp table periods as
select row_number() over by_moment - 1 as period, begun, least(coalesce(lead(begun) over by_moment - 1, %(at)s), %(at)s) as asked_at
from (select unnest(cast(%(periods)s as bigint[])) as begun) as beginnings
window by_moment as (order by begun)
