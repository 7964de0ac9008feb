-- What CSMs did about the cases of episodes.sql, and whose a win-back or loss is. engaged: the first engagement of each case (rules.md
-- R4.6). credited: `owned` with it, with the newest claim, the credit of the win-back and of the loss (R6.4), and whom it belongs to.
{{verdicts}},
engaged as (
    select case_id, engaged_at, engaged_name, engaged_email
    from (
        select cases.id as case_id, occurred_at as engaged_at, engagements.csm_name as engaged_name, engagements.csm_email as engaged_email,
            row_number() over (partition by cases.id order by occurred_at, engagements.id) as nth
        from ({{engagements}}) as engagements
        join cases on cases.uid = engagements.uid and (engagements.product is null or engagements.product = cases.product)
            and occurred_at >= cases.churned_at and (cases.readopted_at is null or occurred_at <= cases.readopted_at)
        where occurred_at <= %(at)s
    ) as ranked
    where nth = 1
),
weighed as (
    select owned.*, engaged_at, engaged_name, engaged_email, engaged_at - churned_at    as to_engage,
        newest.outcome as claim, newest.verdict, newest.csm_name as claimed_name, newest.csm_email as claimed_email,
        case
            when closed_at is null then null
            when newest.outcome = 'won' and newest.verdict = 'true' then 'csm'
            when engaged_at is not null then 'assisted'
            else 'self_service'
        end                                                                             as win_credit,
        case
            when lost_at is null then null
            when said_at is not null or engaged_at < lost_at then 'csm'
            else 'self_service'
        end                                                                             as loss_credit
    from owned
    left join judged newest on newest.case_id = owned.id and newest.nth = 1
    left join engaged on engaged.case_id = owned.id
),
credited as (
    select weighed.*,
        case status when 'won' then win_credit when 'lost' then loss_credit end         as credit,
        case
            when status = 'won' and win_credit = 'csm' or status = 'lost' and claim = 'lost' then claimed_name
            when status = 'won' and win_credit = 'assisted' or status = 'lost' and loss_credit = 'csm' then engaged_name
            when status in ('won', 'lost') then owner_name
        end                                                                             as credit_name,
        case
            when status = 'won' and win_credit = 'csm' or status = 'lost' and claim = 'lost' then claimed_email
            when status = 'won' and win_credit = 'assisted' or status = 'lost' and loss_credit = 'csm' then engaged_email
            when status in ('won', 'lost') then owner_email
        end                                                                             as credit_email
    from weighed
)
