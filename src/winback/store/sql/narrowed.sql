-- Comes first in a statement of a table: what follows sees no other cases and new adoptions than those that are given, with what CSMs
-- said and did about them. So a page costs what its rows cost.
{{given_episodes}},
claims as (select * from {{main}}claims where case_id in (select id from cases)),
activities as (select * from {{main}}activities where uid in (select uid from cases))
