-- Every case and new adoption of the accounts that have been called so at any time. Parameters: search, a pattern in lower case; product
-- (null: all); many.
with matching as (
    select product, uid from cases
    where (lower(uid) like %(search)s escape '\' or lower(merchant_name) like %(search)s escape '\')
        and (cast(%(product)s as text) is null or product = %(product)s)
    union
    select product, uid from adoptions
    where (lower(uid) like %(search)s escape '\' or lower(merchant_name) like %(search)s escape '\')
        and (cast(%(product)s as text) is null or product = %(product)s)
)
select id, 'case' from matching join cases on cases.product = matching.product and cases.uid = matching.uid
union all
select id, 'adoption' from matching join adoptions on adoptions.product = matching.product and adoptions.uid = matching.uid
limit %(many)s
