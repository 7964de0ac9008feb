-- Records of the CRM in place of their earlier states; a later state stays. Parameters: source, engagement.
insert into activities (
    source, external_id, product, uid, csm_name, csm_email, kind, occurred_at, logged_at, account_ref, account_uid, owner_ref, maker_ref,
    modified_at, is_done, outcome, note, counts
)
select %(source)s, external_id, product, uid, csm_name, csm_email, kind, occurred_at, logged_at, account_ref, account_uid, owner_ref, maker_ref,
    modified_at, is_done, outcome, note, counts
from (
    select found.external_id, found.product, found.kind, found.occurred_at, found.logged_at, found.account_ref, found.account_uid,
        found.owner_ref, found.maker_ref, found.modified_at, found.is_done, found.outcome, found.note,
        {{resolved}}
    from staged_activities found
    {{resolving}}
    where not found.is_deleted
) as resolved
where true
on conflict (source, external_id) do update set
    product = excluded.product, uid = excluded.uid, csm_name = excluded.csm_name, csm_email = excluded.csm_email, kind = excluded.kind,
    occurred_at = excluded.occurred_at, logged_at = excluded.logged_at, account_ref = excluded.account_ref,
    account_uid = excluded.account_uid, owner_ref = excluded.owner_ref, maker_ref = excluded.maker_ref,
    modified_at = excluded.modified_at, is_done = excluded.is_done, outcome = excluded.outcome, note = excluded.note,
    counts = excluded.counts
where excluded.modified_at is null or activities.modified_at is null or excluded.modified_at >= activities.modified_at
