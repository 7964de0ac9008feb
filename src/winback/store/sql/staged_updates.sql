create temporary table staged_updates (
    uid {{text}} primary key, csm_name {{text}}, csm_email {{text}}, gmv bigint, revenue bigint, has_new_csm boolean not null, has_new_worth boolean not null
)
