create temporary table staged_activities (
    external_id {{text}} primary key, kind {{text}} not null, product {{text}}, account_ref {{text}}, account_uid {{text}}, owner_ref {{text}},
    maker_ref {{text}}, occurred_at bigint, logged_at bigint, modified_at bigint, is_done boolean not null, is_deleted boolean not null,
    outcome {{text}}, note {{text}}
)
