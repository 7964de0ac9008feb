-- The rows of one account, under the names of the tables they are in. Parameters: product, uid.
with
cases as (select * from main.cases where product = %(product)s and uid = %(uid)s),
adoptions as (select * from main.adoptions where product = %(product)s and uid = %(uid)s),
notifications as (
    select * from main.notifications
    where case_id in (select id from cases) or adoption_id in (select id from adoptions)
),
claims as (
    select * from main.claims
    where case_id in (select id from cases)
        or uid = %(uid)s and case_id is null and (product is null or product = %(product)s)
),
activities as (
    select * from main.activities where uid = %(uid)s and (product is null or product = %(product)s)
)
