-- Ten rejected rows, as far as they could be understood.
select uid, merchant_name, csm_name, region, cast(gmv as varchar)
from met
where reason is not null
order by uid nulls last
limit 10
