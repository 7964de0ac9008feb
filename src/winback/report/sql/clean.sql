-- One row of the report as mapped (view `raw`, text as it stands) becomes one cleaned row.
-- rules.md R1.1 (UID), R3.1 (flag), R3.2 (blank UID, empty rows), R3.5 (money), R2.6 (changed_at).
-- $blanks: every white space, no-break and zero-width included. $trues, $falses: the spellings of a flag.
-- $gmv, $revenue, $changed_at: see amount.sql and moment.sql. $listed_flag: presence mode, where being listed means false.
with trimmed as (
    select
        nullif(trim(uid, $blanks), '')                       as uid,
        lower(trim(is_product_enabled, $blanks))             as flag,
        nullif(trim(merchant_name, $blanks), '')             as merchant_name,
        nullif(trim(csm_name, $blanks), '')                  as csm_name,
        nullif(trim(csm_email, $blanks), '')                 as csm_email,
        nullif(trim(region, $blanks), '')                    as region,
        nullif(trim(gmv, $blanks), '')                       as gmv,
        nullif(trim(revenue, $blanks), '')                   as revenue,
        nullif(trim(currency, $blanks), '')                  as currency,
        nullif(trim(changed_at, $blanks), '')                as changed_at,
        other_columns
    from raw
    where not (coalesce(trim(uid, $blanks), '') = '' and trim(whole_row, $blanks) = '')
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
        revenue is not null                                  as has_revenue
    from trimmed
)
select
    uid, merchant_name, csm_name, csm_email, region, gmv, revenue, currency, is_product_enabled, changed_at, other_columns,
    case
        when uid is null then 'missing uid'
        when is_product_enabled is null then 'unknown flag'
    end                                                      as reason,
    cast(has_gmv and gmv is null as integer) + cast(has_revenue and revenue is null as integer) as unreadable_amounts
from typed
