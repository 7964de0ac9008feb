-- Table readopted: the log of every win-back, churned again since or not (rules.md R4.5).
with
{{episodes}},
{{credit}}
select product, uid, merchant_name, csm_name, region, gmv, revenue, churned_at, closed_at,
    closed_at - churned_at as turnover, credit, credit_name, credit_email
from credited
where closed_at is not null and voided_at is null and
{{of_owner}}
order by product, closed_at, uid
