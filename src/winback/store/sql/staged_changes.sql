create temporary table staged_changes (
    uid {{text}} primary key, kind {{text}} not null, moved_at bigint not null, merchant_name {{text}}, csm_name {{text}}, csm_email {{text}}, region {{text}},
    gmv bigint, revenue bigint, is_listed boolean not null, csm_name_now {{text}}, csm_email_now {{text}}, gmv_now bigint, revenue_now bigint,
    other_columns {{text}}, arm {{text}}
)
