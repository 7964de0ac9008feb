-- The cleaned rows once more, with the verdict on repeated UIDs (rules.md R3.3): rows that agree count once, others are rejected.
with numbered as (
    select cleaned.*, repeated.uid is not null as is_repeated, coalesce(repeated.is_conflict, false) as is_conflict,
        row_number() over (partition by cleaned.uid order by other_columns) as nth
    from cleaned left join repeated on repeated.uid = cleaned.uid
)
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    case when is_conflict then 'conflicting duplicate' else reason end as reason,
    unreadable_amounts,
    -- A row that stands in the base just so is rejected all the same.
    case when is_conflict then cast(-1 as bigint) else raw_hash end as raw_hash
from numbered
where is_conflict or not is_repeated or nth = 1 or reason is not null
