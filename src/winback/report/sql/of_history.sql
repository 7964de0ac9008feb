-- Accounts of a history, the largest first. $history: see history.sql. $uid: the one account that is meant (null: any); $pattern: what
-- UID or name are like, in lower case of A to Z alone (null: anything); $lower_uid, $lower_merchant_name: those so, see lowered.sql; $but: but
-- for these; $many: at most so many.
select last_seen_at, uid, merchant_name, csm_name, csm_email, region, gmv, revenue, is_product_enabled
from ($history) as accounts
where (cast($uid as varchar) is null or uid = $uid)
    and (
        cast($pattern as varchar) is null
        or $lower_uid like $pattern escape '\'
        or $lower_merchant_name like $pattern escape '\'
    )
    and uid not in $but
order by gmv desc nulls last, uid
limit $many
