-- Accounts at risk as a message would tell of them, the largest GMV first, and how many there are. Parameters: csm, what tells one from
-- another (messages/people.py csm_key; null: of all); many, after: which of them.
with
{{episodes}}
select
    0, product, uid, 'first', churned_at as planned_at, 'slack', null, id, owner_name, owner_email, merchant_name, region,
    gmv, revenue, other_columns, 0, false, churned_at, null, null, count(*) over ()
from episodes
where closed_at is null and lost_at is null and
{{shown_to_csms}}
    and (cast(%(csm)s as text) is null or coalesce(lower(owner_email), owner_name) = %(csm)s)
order by gmv desc nulls last, id
limit %(many)s offset %(after)s
