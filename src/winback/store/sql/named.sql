-- Cases and new adoptions by their ids, as a page finds them. Parameter: given, ids and which of the two each is.
select id, 'case' as made, product, uid, churned_at
from cases where id in (select given.id from ({{given}}) as given where first_text = 'case')
union all
select id, 'adoption', product, uid, null
from adoptions where id in (select given.id from ({{given}}) as given where first_text = 'adoption')
