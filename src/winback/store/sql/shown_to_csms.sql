-- Whether people may see a case whose account is held out (rules.md R6.6): from day 30 on. Parameter: at.
(arm is null or arm <> 'held_out' or churned_at + 2592000000000 <= %(at)s)
