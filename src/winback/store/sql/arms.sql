-- Of all CSMs: nothing is asked of a case but what the index cases_drawn has.
with
followed as (
    select product, uid, region, revenue, churned_at, arm, holdout_share,
        case when readopted_at <= %(at)s then readopted_at end  as closed_at,
        cast(null as text) as owner_name, cast(null as text)    as owner_email
    from cases
    where arm is not null and voided_at is null and (cast(%(product)s as text) is null or product = %(product)s)
)
{{arms_counted}}
