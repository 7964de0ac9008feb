-- A cell without the white space around it (rules.md R1.1), null where nothing is left. $cell: text as it stands in the report.
-- $blanks: every white space, no-break and zero-width included. Trimming by such a list is slow, so that a cell with an ordinary
-- character at both ends is passed on as it is.
case
    when left($cell, 1) between '!' and '~' and right($cell, 1) between '!' and '~' then $cell
    else nullif(trim($cell, $blanks), '')
end
