"""What the programme achieved (rules.md R6.6), counted where the cases are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from winback.core.holdout import WATCHED
from winback.statistics import lift
from winback.statistics.lift import Arm, Stratum, Verdict
from winback.store.columns import Columns
from winback.store.database import Row
from winback.store.record import micros

Document = dict[str, Any]
Values = dict[str, object]


@dataclass(frozen=True)
class Drawn:
    """The drawn cases at least 30 days old, by the share they were drawn with, the newest share last. `revenue`: of the
    messaged ones, in ten-thousandths. `firsts`: of each account its first case alone."""

    has_holdout: bool
    strata: tuple[Stratum, ...] = ()
    firsts: tuple[Stratum, ...] = ()
    revenue: int = 0

    @property
    def verdict(self) -> Verdict:
        if not self.has_holdout:
            return "no holdout"
        return lift.judge(self.strata) if self.strata else "too few cases to say"


def headline(columns: Columns, values: Values) -> Document:
    """`impact` of the KPI document; `values` as for the tables."""
    return summary(read_drawn(columns, values))


def summary(drawn: Drawn) -> Document:
    told, held = lift.total(drawn.strata)
    return {"holdout": held.cases, "messaged": told.cases, **lifted(drawn.strata), "verdict": drawn.verdict}


def lifted(strata: Iterable[Stratum]) -> Document:
    found = lift.estimate(tuple(strata))
    if found is None:
        return {"lift": None, "low": None, "high": None}
    return {"lift": round(found.lift, 4), "low": round(found.low, 4), "high": round(found.high, 4)}


def read_drawn(columns: Columns, values: Values) -> Drawn:
    if not columns.rows("is_drawn", values):
        return Drawn(has_holdout=False)
    # By their newest churn.
    rows = sorted(columns.rows("arms", values | {"watched": micros(WATCHED)}), key=lambda row: row[6])
    revenue = sum(row[7] for row in rows if row[0] == "messaged")
    first_rows = [(*row[:2], *row[4:6]) for row in rows if row[4]]
    return Drawn(True, _strata(row[:4] for row in rows), _strata(first_rows), revenue)


def _strata(rows: Iterable[Row]) -> tuple[Stratum, ...]:
    newest: dict[float, dict[str, Arm]] = {}
    for name, share, cases, recovered in rows:
        newest[share] = {**newest.pop(share, {}), name: Arm(cases, recovered)}
    return tuple(
        Stratum(share, arms.get("messaged", Arm()), arms.get("held_out", Arm())) for share, arms in newest.items()
    )
