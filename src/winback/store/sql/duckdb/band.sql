-- The band of time since since_at (rules.md R7.2): 0 for at most 24 h … 6 for over 90 days. Parameters: at, h24 … d90.
case
    when %(at)s - since_at <= %(h24)s then 0
    when %(at)s - since_at <= %(h48)s then 1
    when %(at)s - since_at <= %(h72)s then 2
    when %(at)s - since_at <= %(d30)s then 3
    when %(at)s - since_at <= %(d60)s then 4
    when %(at)s - since_at <= %(d90)s then 5
    else 6
end as band
