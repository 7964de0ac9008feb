"""Views of the tables for other programs, each as of now: `winback_at_risk` and so on, with the columns of the tables.

They are the statements of the tables with something in the place of each parameter: the clock of the database, and the
settings as they stand in view_settings. Migrations may not find them there: a table that a view names can't be changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import connection

from winback.store import database
from winback.store.tables import TABLES, statement_of

_NOW = {
    "sqlite": "(cast(strftime('%s', 'now') as integer) * 1000000)",
    "postgresql": "(select floor(extract(epoch from now()))::bigint * 1000000)",
}
_TODAY = """(
        select ({now} + shift) / 86400000000 from (
{zone}
        ) as zone where {now} >= since_at and {now} < until_at
    )"""
# Columns of view_settings.
_TOLD = ("lost_after", "recovery_days", "claim_days", "zone", "calendars", "staff")
# How a column is shown, by its kind; others as they are.
_SHOWN = {
    "sqlite": {
        "money": "cast({0} as real) / 10000",
        "moment": "strftime('%Y-%m-%dT%H:%M:%S', ({0} - ({0} % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')"
        " || case when {0} % 1000000 = 0 then ''"
        " else printf('.%06d', ({0} % 1000000 + 1000000) % 1000000) end || 'Z'",
        "hours": "{0} / 3600000000.0",
    },
    "postgresql": {
        "money": "cast({0}::numeric / 10000 as numeric(22, 4))",
        "moment": "timestamptz 'epoch' + {0} * interval '1 microsecond'",
        "hours": "{0} / 3600000000.0::float8",
    },
}


def are_current() -> bool:
    return database.rows("views_made", {}) == [(_made_of(),)]


def make() -> None:
    """In the place of those that are there."""
    drop()
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(_definition(name))
        cursor.execute("insert into views_made values (%s)", [_made_of()])


def drop() -> None:
    """Before the first migration has run there is nothing that says that they were made."""
    with connection.cursor() as cursor:
        if "views_made" in connection.introspection.table_names(cursor):
            cursor.execute("delete from views_made")
        for name in TABLES:
            cursor.execute(f"drop view if exists winback_{name}")


@database.writing()
def tell_settings(values: dict[str, object]) -> None:
    """What the views need of the settings; `values`: as a statement of a table takes them."""
    if database.rows("view_settings", {}) != [tuple(values[name] for name in _TOLD)]:
        database.execute("forget_view_settings", {})
        database.execute("tell_view_settings", {name: values[name] for name in _TOLD})


def _made_of() -> str:
    return hashlib.sha256("".join(map(_definition, TABLES)).encode()).hexdigest()


def _definition(name: str) -> str:
    columns, shown = TABLES[name], _SHOWN[connection.vendor]
    rows = database.statement(statement_of(name)).rpartition("\norder by ")[0] % dict(_instead(name))
    names = ", ".join(column for column, _ in columns)
    cells = ", ".join(f"{shown.get(kind, '{0}').format(column)} as {column}" for column, kind in columns)
    return f"create view winback_{name} as with shown ({names}) as (\n{rows}\n)\nselect {cells} from shown"


def _instead(name: str) -> Iterator[tuple[str, str]]:
    """Each parameter of a statement → what stands there in a view."""
    told = {each: f"(select {each} from view_settings)" for each in _TOLD}  # noqa: S608
    yield from told.items()
    now = _NOW[connection.vendor]
    yield from (("at", now), ("credited_until", now))
    yield "today", _TODAY.format(now=now, zone=database.statement("zone") % told)
    yield from ((each, "null") for each in ("product", "region", "csm", "csm_email", "uncontacted"))
    yield "only_at_risk", "true" if name == "at_risk" else "false"
