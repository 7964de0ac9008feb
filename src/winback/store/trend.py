"""The figures of many moments a day apart, counted at once: when each case comes to be at risk, lost, won back."""

from __future__ import annotations

from collections import defaultdict

from winback.store.columns import Columns
from winback.store.cube import Document, Sum
from winback.store.database import Values

DAY = 86_400_000_000
# Figure → the kinds of episodes that it adds up.
_FIGURES = {
    "at_risk": ("at_risk",),
    "churned": ("churned",),
    "won": ("win_back", "new_adoption"),
    "recovered": ("win_back",),
}


def trend(columns: Columns, values: Values) -> Document:
    """`days`: of each moment, oldest first; the last is `at`. `values` as for the tables, and `days`, how many days
    before `at` the first one is, which is `begun`."""
    steps: dict[int, dict[str, Sum]] = defaultdict(dict)
    for kind, day, *sums in columns.rows("trend", values):
        steps[day][kind] = Sum(*map(int, sums))
    standing = {kind: Sum() for kinds in _FIGURES.values() for kind in kinds}
    days = []
    for day in range(int(values["days"]) + 1):
        for kind, step in steps[day].items():
            standing[kind].add(step)
        days.append({name: _added(standing, kinds) for name, kinds in _FIGURES.items()})
    return {"days": days}


def until(columns: Columns, values: Values) -> int:
    """Until before when the same document is right."""
    ((moment,),) = columns.rows("trend_until", values)
    return int(moment)


def _added(standing: dict[str, Sum], kinds: tuple[str, ...]) -> Document:
    sums = Sum()
    for kind in kinds:
        sums.add(standing[kind])
    return sums.document()
