-- What the cells of one column look like, in the table `sampled` (`cell` as text, `with_point` and `with_comma` as amounts would be read).
-- $trimmed, $trimmed_point, $trimmed_comma: see trimmed.sql. $flags: every spelling of a flag. $point, $comma: see amount.sql. $moment: see moment.sql.
with trimmed as (
    select $trimmed as cell, $trimmed_point as with_point, $trimmed_comma as with_comma from sampled
),
spelled as (
    select *, $spelled as spelled from trimmed
),
read as (
    select
        cell,
        lower(cell) in $flags                                               as is_flag,
        $point is not null                                                  as is_amount,
        $comma is not null                                                  as is_comma_amount,
        $moment is not null                                                 as is_moment,
        with_point = with_comma                                             as is_written
    from spelled
    where cell is not null
)
select
    count(*)                                                                as filled,
    count(distinct cell)                                                    as different,
    coalesce(max(length(cell)), 0)                                          as longest,
    coalesce(sum(cast(is_flag as integer)), 0)                              as flags,
    coalesce(sum(cast(regexp_matches(cell, '^[^@ ]+@[^@ ]+[.][^@ ]+$') as integer)), 0)        as emails,
    coalesce(sum(cast(is_amount as integer)), 0)                            as amounts,
    coalesce(sum(cast(is_comma_amount as integer)), 0)                      as comma_amounts,
    coalesce(sum(cast(is_amount and not is_comma_amount as integer)), 0)    as only_point,
    coalesce(sum(cast(is_comma_amount and not is_amount as integer)), 0)    as only_comma,
    coalesce(sum(cast(is_amount and is_comma_amount and is_written and regexp_matches(cell, '[.,]') as integer)), 0)    as ambiguous,
    coalesce(sum(cast(is_moment as integer)), 0)                            as moments,
    coalesce(sum(cast((is_amount or is_comma_amount)
        and regexp_matches(cell, '\p{Sc}|[A-Za-z]{3}|[0-9][.,][0-9]{2}($|[^0-9])') as integer)), 0)    as in_money_notation,
    coalesce(sum(cast(regexp_matches(cell, '\p{L}') as integer)), 0)        as worded,
    coalesce(sum(cast(regexp_matches(cell, '[\s,;]') as integer)), 0)       as phrased
from read
