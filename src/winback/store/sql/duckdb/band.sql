-- The band of time since since_at (rules.md R7.2): 0 for at most 24 h … 6 for over 90 days, which most are. Parameters: at, h24 … d90.
case
    when since_at < %(at)s - %(d90)s then 6
    when since_at < %(at)s - %(d60)s then 5
    when since_at < %(at)s - %(d30)s then 4
    when since_at < %(at)s - %(h72)s then 3
    when since_at < %(at)s - %(h48)s then 2
    when since_at < %(at)s - %(h24)s then 1
    else 0
end as band
