-- Ten accounts behind a finding of the guard, those with the largest GMV first. $which: a condition on moves;
-- $moved_to: see moved_to.sql.
select moves.uid, coalesce(t1.merchant_name, t2.merchant_name), coalesce(t1.csm_name, t2.csm_name), coalesce(t1.region, t2.region),
    cast(coalesce(t1.gmv, t2.gmv) as varchar)
from moves
left join moved as t1 on t1.uid = moves.uid
left join ($moved_to) as t2 on t2.uid = moves.uid
where $which
order by coalesce(t1.gmv, t2.gmv) desc nulls last, moves.uid
limit 10
