-- The rows of one account, under the names of the tables they are in; `cases` within `cases` is the table here. Parameters: product, uid.
with
cases as (select * from cases where product = %(product)s and uid = %(uid)s),
adoptions as (select * from adoptions where product = %(product)s and uid = %(uid)s),
notifications as (
    select * from notifications
    where case_id in (select id from cases) or adoption_id in (select id from adoptions)
),
claims as (
    select * from claims
    where case_id in (select id from cases)
        or uid = %(uid)s and case_id is null and (product is null or product = %(product)s)
),
activities as (
    select * from activities where uid = %(uid)s and (product is null or product = %(product)s)
)
