-- Accounts that differ between the history and the report (`met`): rules.md R2.2–R2.5, R3.4, both modes in one statement.
-- $unlisted_meant: the flag of an account that the history does not have (presence: true; flag: unknown).
-- $absence_means: the flag of an account that is not in the report (presence: true; flag: as it was, or false with vanished = "churn").
with met_once as (
    select uid, not is_listed as is_absent, false as is_rejected, was_in_last_report,
        case when is_listed then coalesce(was_enabled, $unlisted_meant) else was_enabled end as before,
        case when is_listed then is_product_enabled else coalesce($absence_means, was_enabled) end as after
    from met
    where not is_listed or (reason is null and (not is_known or was_enabled <> is_product_enabled))
    union all
    select distinct uid, true, true, was_in_last_report, was_enabled, was_enabled
    from met
    where is_listed and reason is not null and is_known
)
select
    uid,
    is_absent,
    is_rejected,
    coalesce(was_in_last_report, false)                                         as was_in_last_report,
    before,
    after,
    coalesce(was_in_last_report, false) and is_absent and not is_rejected       as is_missing,
    case
        when before and not after then 'churn'
        when not before and after then 'win'
    end                                                                         as kind
from met_once
