-- Whether there is a holdout at all, whatever the filters. Parameters: at, product.
select 1 from cases
where arm is not null and voided_at is null and churned_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
limit 1
