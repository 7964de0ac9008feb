-- The accounts written about since a copy was made, all of their cases and new adoptions. Parameter: mark, see store/copies.py.
accounts as (
    select product, uid from touched where id > %(mark)s and product is not null and uid is not null
    union
    select products.product, touched.uid from touched cross join (select distinct product from pulls) as products
    where touched.id > %(mark)s and touched.product is null and touched.uid is not null
    union
    select cases.product, cases.uid from touched join cases on cases.id = touched.case_id where touched.id > %(mark)s
    union
    select adoptions.product, adoptions.uid from touched join adoptions on adoptions.id = touched.adoption_id
    where touched.id > %(mark)s
),
touched_cases as (
    select cases.id from accounts join cases on cases.product = accounts.product and cases.uid = accounts.uid
),
touched_adoptions as (
    select adoptions.id from accounts join adoptions on adoptions.product = accounts.product and adoptions.uid = accounts.uid
),
-- Not joined: SQLite would look at every notification.
touched_notifications as (
    select id from notifications where case_id in (select id from touched_cases)
    union all
    select id from notifications where adoption_id is not null and adoption_id in (select id from touched_adoptions)
)
