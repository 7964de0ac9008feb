-- As sql/matching.sql, of columns.
with named as (
    select product, uid, called from cases
    union all
    select product, uid, called from adoptions
),
matching as (
    select distinct product, uid
    from named
    where (called like %(search)s escape '\' or lower(uid) like %(search)s escape '\')
        and (cast(%(product)s as text) is null or product = %(product)s)
)
select id, 'case' from cases join matching on matching.uid = cases.uid and matching.product = cases.product
union all
select id, 'adoption' from adoptions join matching on matching.uid = adoptions.uid and matching.product = adoptions.product
limit %(many)s
