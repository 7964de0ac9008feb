"""A page of a table, out of any number of rows, and all of them in the same order: what people see in a browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from winback.core.bands import BANDS
from winback.core.moments import to_micros
from winback.core.money import to_units
from winback.store import finding, tables
from winback.store import pages as stored
from winback.store.pages import Found, Order
from winback.tables import Query, Table, values_of

if TYPE_CHECKING:
    from winback.settings import Settings

_LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Wanted:
    """Which rows of a table: `search`, part of a merchant's name or a UID; `band`: of time, since it is what it is,
    `within` it or just in it; `lost_within`: to be lost so soon; `csm_key`: of one CSM, by what tells one from
    another."""

    search: str = ""
    least_gmv: Decimal | None = None
    band: str | None = None
    within: bool = False
    kind: str | None = None
    credit: str | None = None
    lost_within: dt.timedelta | None = None
    csm_key: str | None = None


@dataclass(frozen=True)
class Page:
    """`rows`: column → cell; `found`: the case or new adoption behind each; `total`: of all pages."""

    rows: list[dict[str, Any]]
    found: list[Found]
    total: int


def read_page(
    settings: Settings, name: str, query: Query, wanted: Wanted, order: Order, many: int, after: int = 0
) -> Page:
    """`name`: at_risk, churns, lost (of churns those that are lost), wins or readopted."""
    values = _values(settings, query, wanted)
    found, total = finding.find(settings.data_path, name, values, order, many, after)
    names = [column for column, _ in _columns(name)]
    rows = [dict(zip(names, row, strict=True)) for row in stored.read(name, found, values)] if found else []
    return Page(rows, found, total)


def read_all(settings: Settings, name: str, query: Query, wanted: Wanted, order: Order) -> Table:
    """Every row that `read_page` has on any page, in the same order, some thousands at a time."""
    values = _values(settings, query, wanted)

    def batches() -> Iterator[list[tuple[Any, ...]]]:
        for found in finding.find_all(settings.data_path, name, values, order):
            yield stored.read(name, found, values)

    return Table(_columns(name), batches())


def rows_of_cases(settings: Settings, table: str, query: Query, found: Sequence[Found]) -> list[dict[str, Any]]:
    """What a table has of some cases."""
    names = [name for name, _ in tables.TABLES[table]]
    return [dict(zip(names, row, strict=True)) for row in stored.of_cases(table, found, values_of(settings, query))]


def _columns(name: str) -> tables.Columns:
    return tables.TABLES[stored.table_of(name)]


def _values(settings: Settings, query: Query, wanted: Wanted) -> dict[str, object]:
    since, until = _bounds(wanted, query.at)
    lost_by = None if wanted.lost_within is None else to_micros(query.at + wanted.lost_within)
    return values_of(settings, query) | {
        "search": pattern_of(wanted.search),
        "least_gmv": None if wanted.least_gmv is None else to_units(wanted.least_gmv),
        "since": None if since is None else to_micros(since),
        "until": None if until is None else to_micros(until),
        "kind": wanted.kind,
        "credit": wanted.credit,
        "lost_by": lost_by,
        "csm_key": wanted.csm_key,
    }


def _bounds(wanted: Wanted, at: dt.datetime) -> tuple[dt.datetime | None, dt.datetime | None]:
    """From when on, and until before when, something is in a band (rules.md R7.2: the upper bound is part of it)."""
    names = [name for name, _ in BANDS]
    if wanted.band is None:
        return None, None
    place = names.index(wanted.band)
    longest, shorter = BANDS[place][1], BANDS[place - 1][1] if place else None
    since = None if longest is None else at - longest
    return since, None if wanted.within or shorter is None else at - shorter


def pattern_of(search: str) -> str | None:
    """For `like`; in lower case as the databases' lower() has it, of A to Z alone."""
    text = search.strip()[:_LONGEST_SEARCH]
    if not text:
        return None
    lower = text.encode("utf-8", "replace").lower().decode()
    return f"%{lower.replace(chr(92), chr(92) * 2).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%"
