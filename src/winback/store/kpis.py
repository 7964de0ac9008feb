"""The KPI document of interface.md (rules.md §7): figures at a moment, or of a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from winback.core.bands import BANDS
from winback.core.money import format_money, from_units
from winback.store import database, impact
from winback.store.record import micros

Document = dict[str, Any]
_HOUR = 3_600_000_000
_PART = 10**9
_WINS = ("win_back", "new_adoption")
_LIMITS = dict(zip(("h24", "h48", "h72", "d30", "d60", "d90"), (micros(limit) for _, limit in BANDS), strict=False))


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
        return {"accounts": self.accounts, "gmv": _money(self.gmv), "revenue": _money(self.revenue)}


@dataclass(frozen=True)
class Cell:
    """One cell of the cube: see sql/cube.sql."""

    kind: str
    band: int
    region: str
    csm_key: str
    csm_name: str | None
    csm_email: str | None
    sum: Sum


@dataclass
class Csm:
    """One CSM's row; of several spellings of a name or an e-mail the first by the alphabet."""

    names: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    at_risk: Sum = field(default_factory=Sum)
    wins: int = 0

    def add(self, cell: Cell) -> None:
        self.names |= {cell.csm_name} if cell.csm_name else set()
        self.emails |= {cell.csm_email} if cell.csm_email else set()
        if cell.kind == "at_risk":
            self.at_risk.add(cell.sum)
        if cell.kind == "win_back":
            self.wins += cell.sum.accounts


def kpis(values: dict[str, object]) -> Document:
    """Everything that follows from the episodes at a moment; `values` as for the tables. Claims, activity and
    feedback are not recorded yet: every win-back and loss is self-service (rules.md R6.4), and nobody has answered."""
    cells = [_cell(row) for row in database.rows("cube", values | _LIMITS)]
    lost, won_back = _of(cells, "churned"), _of(cells, "win_back")
    nothing = _figure([])
    return {
        "at_risk": _figure(_of(cells, "at_risk")),
        "churned": _figure(lost),
        "won": {
            "win_backs": sum(cell.sum.accounts for cell in won_back),
            "new_adoptions": sum(cell.sum.accounts for cell in _of(cells, "new_adoption")),
            **_figure(_of(cells, *_WINS)),
        },
        "recovered": {"by_region": _by_region(won_back), "csm_revenue": _money(0), **_figure(won_back)},
        "credit": {
            "csm_true_wins": nothing,
            "assisted_wins": nothing,
            "self_service_wins": _figure(won_back),
            "csm_losses": nothing,
            "csm_true_losses": nothing,
            "self_service_losses": _figure(lost),
        },
        **_durations(values),
        "usefulness": {"answered": 0, "useful": 0},
        "by_csm": _by_csm(cells),
        "impact": impact.headline(values),
    }


def flows(values: dict[str, object]) -> Document:
    """What happened in a period (rules.md R7.7); `values` as for the tables, and `from`."""
    kinds = ("churns", "win_backs", "new_adoptions", "losses")
    found = {kind: _sum(*numbers) for kind, *numbers in database.rows("flows", values)}
    document: Document = {kind: found.get(kind, Sum()).document() for kind in kinds}
    document["win_backs"]["rechurned"] = found.get("rechurned", Sum()).document()
    return document


def _cell(row: database.Row) -> Cell:
    kind, band, region, csm_key, csm_name, csm_email, *numbers = row
    return Cell(kind, band, region, csm_key, csm_name, csm_email, _sum(*numbers))


def _sum(accounts: int, gmv_high: int, gmv_low: int, revenue_high: int, revenue_low: int) -> Sum:
    return Sum(accounts, int(gmv_high) * _PART + int(gmv_low), int(revenue_high) * _PART + int(revenue_low))


def _of(cells: Iterable[Cell], *kinds: str) -> list[Cell]:
    return [cell for cell in cells if cell.kind in kinds]


def _figure(cells: list[Cell]) -> Document:
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


def _by_region(cells: list[Cell]) -> Document:
    regions: dict[str, int] = {}
    for cell in cells:
        regions[cell.region] = regions.get(cell.region, 0) + cell.sum.revenue
    return {region: _money(regions[region]) for region in sorted(regions)}


def _durations(values: dict[str, object]) -> Document:
    nothing = {"count": 0, "median": None, "mean": None}
    found = {
        kind: {"count": many, "median": _hours(median), "mean": _hours(mean)}
        for kind, many, mean, median in database.rows("durations", values)
    }
    return {
        "time_since_churn_hours": found.get("at_risk", nothing),
        "turnover_hours": found.get("turnover", nothing),
        "engage_hours": {**nothing, **_engaged_within(values)},
    }


def _engaged_within(values: dict[str, object]) -> Document:
    """Share engaged among the cases at least that old; no engagement is recorded yet, so that it is none of them."""
    ((h24, h48, h72),) = database.rows("aged", values | _LIMITS)
    return {f"within_{name}": 0.0 if cases else None for name, cases in (("24h", h24), ("48h", h48), ("72h", h72))}


def _by_csm(cells: list[Cell]) -> list[Document]:
    """A row for every CSM who owns a case (rules.md R7.5); self-service wins belong to the owner (R6.4)."""
    csms: dict[str, Csm] = {}
    for cell in _of(cells, "at_risk", "churned", "win_back"):
        csms.setdefault(cell.csm_key, Csm()).add(cell)
    return [
        {
            "csm_name": min(csm.names, default=""),
            "csm_email": min(csm.emails, default=None),
            "at_risk": csm.at_risk.accounts,
            "gmv_at_risk": _money(csm.at_risk.gmv),
            "csm_true_wins": 0,
            "assisted_wins": 0,
            "self_service_wins": csm.wins,
            "csm_losses": 0,
            "csm_true_losses": 0,
            "revenue_recovered": _money(0),
            "claims": 0,
            "median_engage_hours": None,
            "answered": 0,
            "useful": 0,
        }
        for _, csm in sorted(csms.items())
    ]


def _money(units: int) -> str:
    return format_money(from_units(units))


def _hours(length: float | None) -> float | None:
    return None if length is None else round(float(length) / _HOUR, 2)
