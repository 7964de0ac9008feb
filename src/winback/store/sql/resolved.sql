-- Whose an activity `found` is (rules.md R6.5), of what the CRM has and people have said: account, then CSM. What a robot wrote is nobody's.
-- Then whether it is an engagement if it is somebody's. Parameter: engagement, the kinds that are, as ",call,visit,".
coalesce(accounts.said_uid, found.account_uid, accounts.uid)                    as uid,
case when coalesce(makers.is_robot, false) then null else people.csm_name end   as csm_name,
case when coalesce(makers.is_robot, false) then null else people.csm_email end  as csm_email,
found.is_done and %(engagement)s like '%%,' || found.kind || ',%%'              as counts
