-- Whether a case, `episode`, is the latest of its account at the moment; void ones are none (rules.md R4.4, R4.7).
voided_at is null and not exists (
    select 1 from cases newer
    where newer.product = episode.product and newer.uid = episode.uid and newer.voided_at is null
        and newer.churned_at > episode.churned_at and newer.churned_at <= %(at)s
)
