-- The accounts written about since a copy was made, all of their cases and new adoptions. Parameter: mark, see store/copies.py. `cross join`
-- is the order in which SQLite takes them: of itself it goes through all notifications, though there is nothing to look for.
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
    select cases.id from accounts cross join cases where cases.product = accounts.product and cases.uid = accounts.uid
),
touched_adoptions as (
    select adoptions.id from accounts cross join adoptions
    where adoptions.product = accounts.product and adoptions.uid = accounts.uid
),
touched_notifications as (
    select notifications.id from touched_cases cross join notifications where notifications.case_id = touched_cases.id
    union all
    select notifications.id from touched_adoptions cross join notifications
    where notifications.adoption_id = touched_adoptions.id
)
