-- Rows that the program gives, each an id and up to two texts. Stands in brackets, as a relation: from ({{given}}) as given.
-- Parameter: given, see database.given.
select json_extract(value, '$[0]') as id, json_extract(value, '$[1]') as first_text, json_extract(value, '$[2]') as second_text
from json_each(%(given)s)
