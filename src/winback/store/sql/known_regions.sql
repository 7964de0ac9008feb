-- Every region of a case or a new adoption; "" for none.
select distinct coalesce(region, '') from cases
union
select distinct coalesce(region, '') from adoptions
order by 1
