-- The earliest moment whose figures may be others by what was written after a row of `touched`, up to another (null: all); what has no moment
-- may count at any.
select min(coalesce(since_at, 0)) from touched
where id > %(seen)s and (cast(%(until)s as bigint) is null or id <= %(until)s)
