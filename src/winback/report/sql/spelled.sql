-- A moment of any ISO 8601 notation in the one with separators: `20261103T0900Z` → `2026-11-03 09:00+00:00`. $cell: trimmed text.
-- From within: decimal comma; separators of the date; of the time; hours alone; digits past microseconds; offsets.
regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    translate($cell, 'tz,', 'TZ.'),
    '^([0-9]{4})([0-9]{2})([0-9]{2})(\z|[T ])', '\1-\2-\3\4', 'g'),
    '[T ]([0-9]{2})([0-9]{2})([0-9]{2})', ' \1:\2:\3', 'g'),
    '[T ]([0-9]{2})([0-9]{2})', ' \1:\2', 'g'),
    '[T ]([0-9]{2})(\z|[Z+-])', ' \1:00\2', 'g'),
    '([0-9])T([0-9])', '\1 \2', 'g'),
    '([.][0-9]{6})[0-9]+', '\1', 'g'),
    ' ?Z\z', '+00:00', 'g'),
    '([+-][0-9]{2})([0-9]{2})\z', '\1:\2', 'g')
