"""Which rows of a table are wanted, in which order, and what there is to choose from: asked of what knows it soonest.

In columns, where there is a copy of them (store/copies.py) and nothing is asked for that they have not; else in the
database, of the accounts that a search finds alone, or of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from winback.errors import WinbackError
from winback.store import copies, database, pages
from winback.store.columns import Columns, read_columns
from winback.store.pages import Found, Order, Values

# Table → which of the states of a case it has; see sql/duckdb/found.sql.
_STATES = ("wants_at_risk", "wants_lost", "wants_won", "wants_adopted", "every")
_OF = {
    "at_risk": ("wants_at_risk",),
    "lost": ("wants_lost",),
    "churns": ("wants_at_risk", "wants_lost"),
    "wins": ("wants_won", "wants_adopted"),
    "readopted": ("wants_won", "every"),
}
# What rows can be put in order by in columns.
_ORDERS = pages.ORDERS | {
    "merchant_name": "found.called",
    "csm_name": "csms.called",
    "region": "regions.called",
}
# Table → the moment by which its own order is, after the product and before the UID.
_MOMENTS = {
    "at_risk": "churned_at",
    "churns": "churned_at",
    "wins": "since_at",
    "readopted": "since_at",
    "cases": "churned_at",
}
# More than so many cases are no quicker looked at one by one.
_FEW = 20_000
_BATCH = 2_000


def find(data: Path, name: str, values: Values, order: Order, many: int, after: int = 0) -> tuple[list[Found], int]:
    """A page of them, and how many there are in all. `data`: the folder of the histories."""
    if _has_columns(data, order):
        with _asked(data, values) as columns:
            text = f"{_finding()} order by {_sql(order)} limit {many:d} offset {after:d}"
            rows = columns.ask(text, values | _wants(name)).fetchall()
            # Behind the last page there is no row to say how many there are.
            first = rows or columns.ask(f"{_finding()} limit 1", values | _wants(name)).fetchall()
        return _found(rows), first[0][-1] if first else 0
    some = _some(data, name, values, order)
    return pages.find(name, values, order, many, after, some), pages.count(name, values, some)


def find_all(data: Path, name: str, values: Values, order: Order) -> Iterator[list[Found]]:
    """All of them, some thousands at a time."""
    if not _has_columns(data, order):
        yield from pages.find_all(name, values, order, _some(data, name, values, order))
        return
    with _asked(data, values) as columns:
        asked = columns.ask(f"{_finding()} order by {_sql(order)}", values | _wants(name))
        while batch := asked.fetchmany(_BATCH):
            yield _found(batch)


def has_parts(data: Path, name: str) -> bool:
    """Whether a part of a table is read sooner than all of it."""
    return name in _MOMENTS and copies.find(data) is not None


def read_part(data: Path, name: str, values: Values, many: int, after: int) -> list[database.Row]:
    """So many rows of a table after so many others, in its own order; where it has parts. Raises WinbackError: fewer
    rows would pass for the end of the table."""
    found = _part(data, name, values, many, after)
    rows = pages.of_cases(name, found, values) if found else []
    if len(rows) < len(found):
        raise WinbackError("what was read was undone just then: ask again")
    return rows


def _part(data: Path, name: str, values: Values, many: int, after: int) -> list[Found]:
    order = f"order by product, {_MOMENTS[name]}, uid limit {many:d} offset {after:d}"
    if name == "cases":
        with read_columns(data) as columns:
            rows = columns.ask(f"{database.statement('found_cases', 'duckdb')} {order}", values).fetchall()
            return [Found(*row) for row in rows]
    with _asked(data, values) as columns:
        asked = values | dict.fromkeys(pages.WANTED) | _wants(name)
        return _found(columns.ask(f"{_finding()} {order}", asked).fetchall())


def matching(data: Path, search: str, product: str | None, many: int) -> list[database.Row]:
    """Ids of every case and new adoption of the accounts that have been called so at any time, and which of the two
    each is; at most so many. `search`: a pattern in lower case."""
    return rows_of(data, "matching", {"search": search, "product": product, "many": many})


def rows_of(data: Path, name: str, values: Values | None = None) -> list[database.Row]:
    """What a statement gives that there is for both, and that asks for no moment: "known_regions" and "known_csms", of
    all cases and new adoptions; "open_csms"; "matching"."""
    if copies.find(data) is None:
        return database.rows(name, values or {})
    with read_columns(data) as columns:
        return columns.rows_of_all(name, values or {})


def _found(rows: list[database.Row]) -> list[Found]:
    return [Found(*row) for *row, _ in rows]


def _has_columns(data: Path, order: Order) -> bool:
    return not order.answered_last and copies.find(data) is not None


def _some(data: Path, name: str, values: Values, order: Order) -> Sequence[Found] | None:
    """The cases and new adoptions among which all that is wanted is; None: it may be any."""
    if values["csm_key"] is not None and copies.find(data) is not None:
        found, total = find(data, name, values, Order(), _FEW)
        return found if total <= _FEW else None
    if values["search"] is not None:
        rows = database.rows("matching", values | {"many": _FEW + 1})
        return [Found(number, made, "", "", None) for number, made in rows] if len(rows) <= _FEW else None
    return None


def _finding() -> str:
    return database.statement("found", "duckdb")


@contextmanager
def _asked(data: Path, values: Values) -> Iterator[Columns]:
    with read_columns(data) as columns:
        columns.make(values, "judged", "newest")
        yield columns


def _wants(name: str) -> Values:
    return {state: state in _OF[name] for state in _STATES}


def _sql(order: Order) -> str:
    direction = "desc" if order.is_descending else "asc"
    return f"{_ORDERS[order.by]} {direction} nulls last, id {direction}, made"
