-- dated: the known cases asked for, with what had happened by the moment. engaged_at: where that was not later; messaged_at: nor the message
-- later than the engagement.
{{known}},
dated as not materialized (
    select * exclude (engaged_at, messaged_at),
        case when engaged_at <= %(at)s then engaged_at end                              as engaged_at,
        case when engaged_at <= %(at)s and messaged_at <= engaged_at then messaged_at end as messaged_at
    from known
    where
{{of_owner}}
)
