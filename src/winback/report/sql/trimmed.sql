-- A cell without the white space around it (rules.md R1.1), null where nothing is left. $cell: text as it stands in the report.
-- $blanks: every white space, no-break and zero-width included. Trimming by such a list is slow, so that a cell with an ordinary
-- character at both ends is passed on as it is; the fastest ways to look at the first and at the last one. $after_ascii: the character after ~.
case
    when $cell >= '!' and $cell < $after_ascii and substring($cell, length($cell), 1) between '!' and '~' then $cell
    else nullif(trim($cell, $blanks), '')
end
