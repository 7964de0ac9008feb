-- The account came back: its case ends, a void one too (rules.md R4.7).
update cases
set closed_by_id = %(pull)s,
    readopted_at = (select moved_at from staged_changes where kind = 'win' and staged_changes.uid = cases.uid)
where product = %(product)s and readopted_at is null
    and uid in (select uid from staged_changes where kind = 'win')
