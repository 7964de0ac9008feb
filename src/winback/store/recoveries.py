"""When accounts came back, week by week and day by day, and whether they stayed: counted where the cases are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from winback.core.holdout import WATCHED
from winback.statistics.curves import Curve, Followed, recovery_curve
from winback.store.columns import Columns
from winback.store.impact import Values

# 29 December 1969: the Monday that weeks are counted from.
_FIRST_MONDAY = dt.date(1969, 12, 29)
WITHIN = (7, 30, 90)
LASTING = (30, 90)


@dataclass
class Csm:
    """Of several spellings of a name or an e-mail the first by the alphabet."""

    names: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    followed: list[Followed] = field(default_factory=list)


@dataclass(frozen=True)
class Curves:
    """Arms are followed for 30 days, since the held-out cases are shown to their CSMs then. `by_csm`: name, e-mail."""

    everybody: Curve
    by_arm: dict[str, Curve]
    by_region: dict[str, Curve]
    by_csm: list[tuple[str, str | None, Curve]]


def read_curves(columns: Columns, values: Values) -> Curves:
    """Of all cases but void ones and those of a baseline."""
    arms: dict[str, list[Followed]] = {}
    regions: dict[str, list[Followed]] = {}
    csms: dict[str, Csm] = {}
    rows = columns.rows("recoveries", values)
    for kind, name, csm_name, csm_email, is_back, day, cases in rows:
        followed = Followed(day, bool(is_back), cases)
        if kind == "csm":
            csm = csms.setdefault(name, Csm())
            csm.names |= {csm_name} if csm_name else set()
            csm.emails |= {csm_email} if csm_email else set()
            csm.followed.append(followed)
        else:
            (arms if kind == "arm" else regions).setdefault(name, []).append(followed)
    return Curves(
        recovery_curve(each for followed in regions.values() for each in followed),
        {name: recovery_curve(arms[name], WATCHED.days) for name in ("messaged", "held_out") if name in arms},
        {name: recovery_curve(followed) for name, followed in sorted(regions.items())},
        [
            (min(csm.names, default=""), min(csm.emails, default=None), recovery_curve(csm.followed))
            for _, csm in sorted(csms.items())
        ],
    )


@dataclass(frozen=True)
class Cohort:
    """The churns of one local week, from a Monday on. Revenue in ten-thousandths; `within`: how many were back within
    so many days (see WITHIN)."""

    week: dt.date
    cases: int
    back: int
    within: tuple[int, ...]
    revenue: int
    recovered: int


def read_cohorts(columns: Columns, values: Values) -> Iterable[Cohort]:
    for week, cases, back, *numbers in columns.rows("cohorts", values):
        monday = _FIRST_MONDAY + dt.timedelta(weeks=int(week))
        within, sums = numbers[: len(WITHIN)], numbers[len(WITHIN) :]
        yield Cohort(monday, cases, back, tuple(within), *sums)


def read_lasting(columns: Columns, values: Values) -> dict[int, tuple[int, int]]:
    """Days → win-backs at least so long ago, and how many of them were still enabled after so many days."""
    ((*counts,),) = columns.rows("still_enabled", values)
    return dict(zip(LASTING, zip(counts[::2], counts[1::2], strict=True), strict=True))
