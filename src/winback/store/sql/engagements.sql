-- What counts as an engagement: an activity of a known CSM for a known account, done, and of a kind that counts (rules.md R6.5). Stands in brackets, as a relation:
-- from ({{engagements}}) as engagements.
select id, uid, product, csm_name, csm_email, occurred_at from activities
where counts and uid is not null and (csm_name is not null or csm_email is not null)
