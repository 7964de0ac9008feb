-- Comes first in a statement of a table: what follows sees no other cases and new adoptions than those that are given, with what CSMs
-- said and did about them. So a page costs what its rows cost. Parameter: given, their ids and which of the two each is.
cases as (
    select * from {{main}}cases where id in (select given.id from ({{given}}) as given where first_text = 'case')
),
adoptions as (
    select * from {{main}}adoptions where id in (select given.id from ({{given}}) as given where first_text = 'adoption')
),
claims as (select * from {{main}}claims where case_id in (select id from cases)),
activities as (select * from {{main}}activities where uid in (select uid from cases))
