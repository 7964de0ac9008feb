-- A history without accounts: before the first applied pull; and the absent ones after it.
select
    cast(null as varchar)         as uid,
    cast(null as varchar)         as merchant_name,
    cast(null as varchar)         as csm_name,
    cast(null as varchar)         as csm_email,
    cast(null as varchar)         as region,
    cast(null as decimal(18, 4))  as gmv,
    cast(null as decimal(18, 4))  as revenue,
    cast(null as boolean)         as is_product_enabled,
    cast(null as varchar)         as other_columns,
    cast(null as boolean)         as in_last_report,
    cast(null as bigint)          as last_seen_at,
    cast(null as bigint)          as known_at,
    cast(null as bigint)          as row_hash,
    cast(null as bigint)          as raw_hash,
    cast(null as boolean)         as is_in_base
where false
