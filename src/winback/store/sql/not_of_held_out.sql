-- The same of a row that names its case.
(case_id is null or case_id not in (select id from cases where arm = 'held_out' and churned_at > %(seen)s))
