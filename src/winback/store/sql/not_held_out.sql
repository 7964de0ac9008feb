-- Rows of an account whose case is held out are not for CSMs until day 30 (rules.md R6.6). Parameter: at.
not exists (
    select 1 from cases hidden
    where hidden.product = part.product and hidden.uid = part.uid and hidden.churned_at = part.churned_at
        and hidden.arm = 'held_out' and hidden.churned_at + 2592000000000 > %(at)s
)
