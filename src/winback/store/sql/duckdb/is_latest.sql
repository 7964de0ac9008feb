-- Whether a known case is its account's latest at the moment (rules.md R4.4).
(next_churned_at is null or next_churned_at > %(at)s)
