-- For a CSM without the cases that they must not hear of yet (rules.md R6.6). Parameters: for_csm, at.
(not %(for_csm)s or
{{shown_to_csms}}
)
