-- Cases with what does not depend on the moment that is asked for. called: by what they are put in order, and found;
-- next_churned_at: of the account's next case (R4.4); is_first: of its drawn cases the first (R6.6); turns: how many claims and other
-- owners it has had; owners: whose it is since when, other than the frozen one (R4.8); engaged_at, engaged_csm: the first engagement
-- (R4.6, R6.5); messaged_at: the first delivered message.
create table fresh_cases as
with
engaged as (
    select read_cases.id as case_id, min(occurred_at) as engaged_at,
        arg_min(csms.csm, (occurred_at, read_activities.id))                            as engaged_csm
    from read_activities
    join read_cases on read_cases.uid = read_activities.uid
        and (read_activities.product is null or read_activities.product = read_cases.product)
        and occurred_at >= read_cases.churned_at and (read_cases.readopted_at is null or occurred_at <= read_cases.readopted_at)
    join csms on csms.csm_name is not distinct from read_activities.csm_name
        and csms.csm_email is not distinct from read_activities.csm_email
    where counts and (read_activities.csm_name is not null or read_activities.csm_email is not null)
    group by read_cases.id
),
owned as (
    select case_id, list({'since_at': since_at, 'csm': csms.csm} order by since_at)     as owners
    from read_owners
    join csms on csms.csm_name is not distinct from read_owners.csm_name and csms.csm_email is not distinct from read_owners.csm_email
    group by case_id
),
claimed as (
    select case_id, count(*) as claims from read_claims group by case_id
),
messaged as (
    select case_id, min(sent_at) as messaged_at
    from read_notifications
    where status = 'sent' and stage in ('first', 'second', 'final') and corrected_at is null
    group by case_id
)
select id, product, uid, lower(coalesce(merchant_name, uid)) as called, regions.region, csms.csm, gmv, revenue, churned_at, readopted_at, voided_at, baseline, arm, holdout_share,
    min(case when voided_at is null then churned_at end) over (
        partition by product, uid order by churned_at range between 1 following and unbounded following
    )                                                                                   as next_churned_at,
    churned_at = min(case when arm is not null and voided_at is null then churned_at end) over (partition by product, uid) as is_first,
    coalesce(claims, 0) + coalesce(len(owners), 0) as turns, owners, engaged_at, engaged_csm, messaged_at
from read_cases
join csms on csms.csm_name is not distinct from read_cases.csm_name and csms.csm_email is not distinct from read_cases.csm_email
join regions on regions.name is not distinct from read_cases.region
left join engaged on engaged.case_id = id
left join owned on owned.case_id = id
left join claimed on claimed.case_id = id
left join messaged on messaged.case_id = id
