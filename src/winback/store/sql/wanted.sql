-- Which of the rows found (found_*.sql) are wanted. Parameters, null for all: search, a pattern in lower case; least_gmv; since, until:
-- of a band of time; kind, credit; seen: until when a held-out case must have churned (rules.md R6.6); csm_key, as in at_risk_of.sql.
(cast(%(search)s as text) is null or lower(uid) like %(search)s escape '\' or lower(merchant_name) like %(search)s escape '\')
    and (cast(%(least_gmv)s as bigint) is null or gmv >= %(least_gmv)s)
    and (cast(%(since)s as bigint) is null or since_at >= %(since)s)
    and (cast(%(until)s as bigint) is null or since_at < %(until)s)
    and (cast(%(kind)s as text) is null or kind = %(kind)s)
    and (cast(%(credit)s as text) is null or credit = %(credit)s)
    and (cast(%(seen)s as bigint) is null or arm is null or arm <> 'held_out' or churned_at <= %(seen)s)
    and (cast(%(csm_key)s as text) is null or coalesce(lower(owner_email), owner_name) = %(csm_key)s)
