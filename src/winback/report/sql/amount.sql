-- An amount of money (rules.md R3.5), or null for anything that is not one: too long, the other convention, exponents, words.
-- $cell: trimmed text. $plain: the common notation, tried first. $amount: every notation. $decimal: the decimal sign.
case
    when regexp_matches($cell, $plain)
        then try_cast(replace($cell, $decimal, '.') as decimal(18, 4))
    when regexp_matches($cell, $amount)
        then try_cast(
            case when regexp_matches($cell, '[(-]') then '-' else '' end
            || replace(regexp_replace($cell, $no_digit, '', 'g'), $decimal, '.') as decimal(18, 4))
end
