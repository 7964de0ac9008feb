-- The cases and new adoptions that are given, under the names of their tables. Parameter: given, their ids and which of the two each is.
cases as (
    select * from {{main}}cases where id in (select given.id from ({{given}}) as given where first_text = 'case')
),
adoptions as (
    select * from {{main}}adoptions where id in (select given.id from ({{given}}) as given where first_text = 'adoption')
)
