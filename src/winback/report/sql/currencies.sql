-- The currencies of a report (rules.md R3.7).
select count(distinct currency) as currencies, min(currency) as a_currency, max(currency) as another_currency from read
