"""Sums of accounts, GMV and revenue, exact; and the cells that most figures are made of (sql/duckdb/cube.sql)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from winback.core.bands import BANDS
from winback.core.money import format_money, from_units
from winback.store.columns import Columns
from winback.store.record import micros

Document = dict[str, Any]
LIMITS = dict(zip(("h24", "h48", "h72", "d30", "d60", "d90"), (micros(limit) for _, limit in BANDS), strict=False))


@dataclass
class Sum:
    """Accounts and exact sums, in ten-thousandths."""

    accounts: int = 0
    gmv: int = 0
    revenue: int = 0

    def add(self, other: Sum) -> None:
        self.accounts += other.accounts
        self.gmv += other.gmv
        self.revenue += other.revenue

    def document(self) -> Document:
        return {"accounts": self.accounts, "gmv": money(self.gmv), "revenue": money(self.revenue)}


@dataclass(frozen=True)
class Csm:
    """`key`: what tells one from another; name and e-mail in one of the spellings."""

    key: str
    name: str | None
    email: str | None


@dataclass(frozen=True)
class Cell:
    """One cell of the cube. `claim`, `verdict`: of the newest claim."""

    kind: str
    band: int
    region: str
    credit: str | None
    claim: str | None
    verdict: str | None
    sum: Sum


def read_cube(columns: Columns, values: dict[str, object]) -> list[Cell]:
    """Of the moment whose cells `columns` has made."""
    return [
        Cell(kind, band, region, credit, claim, verdict, Sum(accounts, gmv, revenue))
        for kind, band, region, credit, claim, verdict, accounts, gmv, revenue in columns.rows("cube", values | LIMITS)
    ]


def of_kind(cells: Iterable[Cell], *kinds: str) -> list[Cell]:
    return [cell for cell in cells if cell.kind in kinds]


def total(sums: Iterable[Sum]) -> Sum:
    added = Sum()
    for each in sums:
        added.add(each)
    return added


def figure(cells: Iterable[Cell]) -> Document:
    """Total and bands (rules.md R7.2): what is in each band, and within it."""
    bands = [Sum() for _ in BANDS]
    for cell in cells:
        bands[cell.band].add(cell.sum)
    within = Sum()
    by_time = {}
    for (name, _), band in zip(BANDS, bands, strict=True):
        within.add(band)
        by_time[name] = {**band.document(), "within": within.document()}
    return {**within.document(), "by_time": by_time}


def money(units: int) -> str:
    return format_money(from_units(units))


def share(part: int, whole: int) -> float | None:
    """None of nothing."""
    return round(part / whole, 4) if whole else None
