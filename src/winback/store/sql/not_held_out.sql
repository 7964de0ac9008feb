-- A row of a table, `part`, is not of a case of which CSMs must not hear yet (rules.md R6.6). Parameter: seen, until when a
-- held-out case must have churned.
not exists (
    select 1 from cases hidden
    where hidden.product = part.product and hidden.uid = part.uid and hidden.churned_at = part.churned_at
        and hidden.arm = 'held_out' and hidden.churned_at > %(seen)s
)
