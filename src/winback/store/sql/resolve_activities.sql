-- Accounts and people that were mapped since, or mapped otherwise: the records that this is about. Parameters: source,
-- engagement.
update activities
set uid = resolved.uid, csm_name = resolved.csm_name, csm_email = resolved.csm_email, counts = resolved.counts
from (
    select found.id as found_id, found.uid as former_uid, found.csm_name as former_name, found.csm_email as former_email,
        found.counts as did_count,
        {{resolved}}
    from activities found
    {{resolving}}
    where found.source = %(source)s
) as resolved
where activities.id = resolved.found_id and (
    resolved.uid is distinct from former_uid or resolved.csm_name is distinct from former_name
    or resolved.csm_email is distinct from former_email or resolved.counts <> did_count
)
