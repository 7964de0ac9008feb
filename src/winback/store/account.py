"""What the tables have of one account. Their statements are about all accounts, and are asked of this one's rows alone:
`sql/account.sql` puts these under the names of the tables."""

from __future__ import annotations

from winback.store import database, tables

TABLES = ("cases", "wins", "claims", "notifications", "feedback", "activities")


def rows_of(name: str, values: dict[str, object], for_csms: bool) -> list[database.Row]:
    """`values`: those of a table, and uid; see sql/episodes.sql. A product must be among them."""
    own, asked = database.statement("account"), tables.statement_of(name, for_csms)
    sql = f"{own},{asked.removeprefix('with')}" if asked.startswith("with") else f"{own}\n{asked}"
    return tables.readable(name, database.rows_of(sql, values))
