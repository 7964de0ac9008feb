-- credited_cases: the known cases with their state, the newest claim, and the credit of the win-back and of the loss (R6.4). Parameters: at,
-- product (null: all), lost_after (null: never), in microseconds; region, csm. engaged_at: where that was not later. Comes after newest.sql.
{{known}},
dated as not materialized (
    select * exclude (engaged_at), case when engaged_at <= %(at)s then engaged_at end as engaged_at
    from known
    where
{{of_owner}}
),
claimed as not materialized (
    select *, null::outcome as claim, null::verdict as verdict, null::integer as claimed_csm, null::bigint as said_at
    from dated
    where turns = 0
    union all
    select dated.*, claim, verdict, claimed_csm, said_at
    from dated
    left join newest on newest.case_id = dated.id
    where turns > 0
),
ending as not materialized (
    select *, least(said_at, churned_at + %(lost_after)s) as ends_at from claimed
),
ended as not materialized (
    select *,
        case when ends_at <= %(at)s and (readopted_at is null or readopted_at >= ends_at) then ends_at end as lost_at
    from ending
),
credited_cases as not materialized (
    select *,
        case when closed_at is not null then 'won'::state when lost_at is not null then 'lost'::state else 'at_risk'::state end as status,
        case
            when closed_at is null then null
            when claim = 'won' and verdict = 'true' then 'csm'::credit
            when engaged_at is not null then 'assisted'::credit
            else 'self_service'::credit
        end                                                                             as win_credit,
        case
            when lost_at is null then null
            when said_at is not null or engaged_at < lost_at then 'csm'::credit
            else 'self_service'::credit
        end                                                                             as loss_credit
    from ended
)
