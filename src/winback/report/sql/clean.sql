-- One row of the report as mapped (text as it stands) becomes one cleaned row.
-- rules.md R1.1 (UID), R3.1 (flag), R3.2 (blank UID, empty rows), R3.5 (money), R2.6 (changed_at).
-- $beside: see beside.sql. $trimmed_…, $spelled_…: see trimmed.sql and spelled.sql. $trues, $falses: the spellings of a flag.
-- $gmv, $revenue, $changed_at: see amount.sql and moment.sql. $listed_flag: presence mode, where being listed means false.
with trimmed as (
    select
        $trimmed_uid as uid,
        lower($trimmed_is_product_enabled) as flag,
        $trimmed_merchant_name as merchant_name,
        $trimmed_csm_name as csm_name,
        $trimmed_csm_email as csm_email,
        $trimmed_region as region,
        $trimmed_gmv as gmv,
        $trimmed_revenue as revenue,
        $trimmed_currency as currency,
        $spelled_changed_at as changed_at,
        other_columns,
        raw_hash, is_listed, is_known, was_enabled, was_in_last_report, known_hash, is_in_base
    from $beside
),
typed as (
    select
        uid, merchant_name, csm_name, csm_email, region,
        $gmv                                                 as gmv,
        $revenue                                             as revenue,
        currency,
        coalesce(
            $listed_flag,
            case when flag in $trues then true when flag in $falses then false end
        )                                                    as is_product_enabled,
        $changed_at                                          as changed_at,
        other_columns,
        gmv is not null                                      as has_gmv,
        revenue is not null                                  as has_revenue,
        raw_hash, is_listed, is_known, was_enabled, was_in_last_report, known_hash, is_in_base
    from trimmed
)
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    case
        when not is_listed then null
        when uid is null then 'missing uid'
        when is_product_enabled is null then 'unknown flag'
    end                                                      as reason,
    cast(has_gmv and gmv is null as integer) + cast(has_revenue and revenue is null as integer) as unreadable_amounts,
    raw_hash, is_listed, is_known, was_enabled, was_in_last_report, known_hash, is_in_base
from typed
