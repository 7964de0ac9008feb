"""Times in hours: since the churn, turnover, to engage (rules.md R7.4); those to engage by region and CSM too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from winback.store.columns import Columns
from winback.store.cube import LIMITS, Document, share

_HOUR = 3_600_000_000
_NOTHING: Document = {"count": 0, "median": None, "mean": None}
_LIMITS = ("24h", "48h", "72h")
# Of which part of the cases: all, a region or a CSM, and its name.
Part = tuple[str, str]
ALL: Part = ("", "")


@dataclass(frozen=True)
class Times:
    """`spreads`: by kind and part; `ages`: by part, how many cases are old enough or engaged, and engaged within so
    many hours."""

    spreads: dict[tuple[str, Part], Document]
    ages: dict[Part, list[int]]

    def spread(self, kind: str, part: Part = ALL) -> Document:
        return dict(self.spreads.get((kind, part), _NOTHING))

    def to_engage(self, part: Part = ALL) -> Document:
        counts = self.ages.get(part, [0] * 6)
        shares = {f"within_{limit}": share(counts[place + 3], counts[place]) for place, limit in enumerate(_LIMITS)}
        others = {kind: self.spread(kind, part) for kind in ("working", "from_message", "working_from_message")}
        return {**self.spread("engage", part), **shares, **others}

    def regions(self) -> list[str]:
        return sorted(name for part, name in self.ages if part == "region")


def read_times(columns: Columns, values: dict[str, object]) -> Times:
    spreads = {
        (kind, (part, name)): {"count": many, "median": hours(median), "mean": hours(mean)}
        for kind, part, name, many, mean, median in columns.rows("durations", values)
    }
    ages: dict[Part, list[int]] = {}
    for region, csm, *counts in columns.rows("aged", values | LIMITS):
        for part in (ALL, ("region", region), ("csm", csm)):
            ages[part] = [one + more for one, more in zip(ages.get(part, [0] * 6), counts, strict=True)]
    return Times(spreads, ages)


def document(times: Times) -> Iterator[tuple[str, Document]]:
    yield "time_since_churn_hours", times.spread("at_risk")
    yield "turnover_hours", times.spread("turnover")
    by_region = {region: times.to_engage(("region", region)) for region in times.regions()}
    yield "engage_hours", {**times.to_engage(), "by_region": by_region}


def hours(length: float | None) -> float | None:
    return None if length is None else round(float(length) / _HOUR, 2)
