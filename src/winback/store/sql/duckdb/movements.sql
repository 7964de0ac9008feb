-- In which of some periods a case that has turns may have churned, come back, or been lost, by its age or by a claim. Parameters: product;
-- lost_after; from, at: of all of the periods; periods, see columns.py.
create temp table movements as
with
turned as (
    select id, churned_at, readopted_at
    from cases
    where turns > 0 and voided_at is null and (cast(%(product)s as text) is null or product = %(product)s)
),
moments as (
    select id as case_id, churned_at as moment from turned
    union all
    select id, readopted_at from turned
    union all
    select id, churned_at + %(lost_after)s from turned where readopted_at is null or readopted_at >= churned_at + %(lost_after)s
    union all
    select case_id, claimed_at
    from claims
    where outcome = 'lost' and (readopted_at is null or readopted_at >= claimed_at)
        and (cast(%(product)s as text) is null or product = %(product)s)
)
select distinct case_id, period_of(moment) as period from moments where moment between %(from)s and %(at)s
