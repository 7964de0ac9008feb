-- In the place of sql/credit.sql where nobody asks for the credit, which takes much longer than the rest.
credited as (select owned.*, cast(null as text) as credit from owned)
