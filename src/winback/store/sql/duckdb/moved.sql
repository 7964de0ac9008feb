-- In the place of all cases those with turns to which something may have happened in a period: what follows sees no others. Parameters:
-- from, at. Comes after turned.sql.
create or replace temp table cases as
select * from turned
where churned_at between %(from)s and %(at)s
    or readopted_at between %(from)s and %(at)s
    or churned_at + %(lost_after)s between %(from)s and %(at)s
    or id in (select case_id from claims where claimed_at between %(from)s and %(at)s)
