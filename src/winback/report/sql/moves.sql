-- Accounts that differ between the history (`t1`) and the report (`t2`): rules.md R2.2–R2.5, R3.4, both modes in one statement.
-- $unlisted_meant: the flag of an account that the history does not have (presence: true; flag: unknown).
-- $absence_means: the flag of an account that is not in the report (presence: true; flag: as it was, or false with vanished = "churn").
-- $at: the moment of the pull.
with paired as (
    select
        coalesce(t2.uid, t1.uid)                                        as uid,
        t1.uid is null                                                  as is_new,
        t2.uid is null                                                  as is_absent,
        t2.uid is null and rejected.uid is not null                     as is_rejected,
        coalesce(t1.in_last_report, false)                              as was_in_last_report,
        coalesce(t1.is_product_enabled, $unlisted_meant)                as before,
        case
            when t2.uid is not null then t2.is_product_enabled
            when rejected.uid is not null then t1.is_product_enabled
            else coalesce($absence_means, t1.is_product_enabled)
        end                                                             as after
    from t2
    full join t1 on t1.uid = t2.uid
    left join rejected_uids as rejected on rejected.uid = t1.uid
    where t1.uid is null or t2.uid is null or t1.is_product_enabled <> t2.is_product_enabled
)
select
    *,
    was_in_last_report and is_absent and not is_rejected                as is_missing,
    case
        when before and not after then 'churn'
        when not before and after then 'win'
    end                                                                 as kind
from paired
