-- Cases and new adoptions that the copy has otherwise, or that are gone.
select case_id, adoption_id from touched where id > %(mark)s and (case_id is not null or adoption_id is not null)
