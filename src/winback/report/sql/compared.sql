-- The changes between two reports, for people and scripts: one row for every account that moved, came or went.
select
    moves.uid,
    case
        when kind is not null then kind
        when is_missing then 'missing'
        else 'new'
    end                                                                         as change,
    coalesce(t1.merchant_name, t2.merchant_name)                                as merchant_name,
    coalesce(t1.csm_name, t2.csm_name)                                          as csm_name,
    coalesce(t1.csm_email, t2.csm_email)                                        as csm_email,
    coalesce(t1.region, t2.region)                                              as region,
    t1.gmv                                                                      as gmv_before,
    t2.gmv                                                                      as gmv_after,
    t1.revenue                                                                  as revenue_before,
    t2.revenue                                                                  as revenue_after,
    moves.before                                                                as enabled_before,
    moves.after                                                                 as enabled_after
from moves
left join moved as t1 on t1.uid = moves.uid
left join (select * from met where is_listed and reason is null) as t2 on t2.uid = moves.uid
where not is_rejected
order by moves.uid
