-- Accounts of a history, the largest first. $history: see history.sql. $uid: the one account that is meant (null: any); $pattern: what
-- UID or name are like, in lower case of A to Z alone (null: anything); $but: but for these; $many: at most so many.
select last_seen_at, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled
from ($history) as accounts
where (cast($uid as varchar) is null or uid = $uid)
    and (
        cast($pattern as varchar) is null
        or translate(uid, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') like $pattern escape '\'
        or translate(merchant_name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') like $pattern escape '\'
    )
    and uid not in $but
order by gmv desc nulls last, uid
limit $many
