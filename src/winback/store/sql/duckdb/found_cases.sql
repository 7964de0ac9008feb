-- Which rows the table cases has, void ones among them: as sql/cases.sql, of columns.
select id, 'case' as made, product, uid, churned_at
from (select *, owner_at(csm, owners, least(readopted_at, %(at)s)) as owner from cases) as owned
where churned_at <= %(at)s and (cast(%(product)s as text) is null or product = %(product)s)
    and is_seen(arm, churned_at) and
{{of_owner}}
