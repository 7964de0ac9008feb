-- Comes first in a statement of a table, of which it leaves the rows of one account: those of the cases and new adoptions that are given,
-- and what was said and done without any. Parameters: product, uid.
{{given_episodes}},
notifications as (
    select * from {{main}}notifications
    where case_id in (select id from cases) or adoption_id in (select id from adoptions)
),
claims as (
    select * from {{main}}claims
    where case_id in (select id from cases)
        or uid = %(uid)s and case_id is null and (product is null or product = %(product)s)
),
activities as (
    select * from {{main}}activities where uid = %(uid)s and (product is null or product = %(product)s)
)
