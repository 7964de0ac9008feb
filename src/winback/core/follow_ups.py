"""When a follow-up is due (rules.md §5), as bounds on the moment of the churn: so that one statement plans for every
case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from winback.core.moments import local_date, start_of_day


@dataclass(frozen=True)
class Due:
    """A case is due for `second` when it churned within [second_from, second_until); `final` alike. `today_from`,
    `today_until`: the local day in which a case gets at most one stage (R5.1)."""

    second_from: dt.datetime
    second_until: dt.datetime
    final_from: dt.datetime
    final_until: dt.datetime
    today_from: dt.datetime
    today_until: dt.datetime


def due(now: dt.datetime, tz: ZoneInfo, second: tuple[int, int], final: tuple[int, int]) -> Due:
    """`second`, `final`: first and last age in days. Age = local date of now − local date of the churn."""
    today = local_date(now, tz)

    def churned(first_age: int, last_age: int) -> tuple[dt.datetime, dt.datetime]:
        oldest, youngest = today - dt.timedelta(days=last_age), today - dt.timedelta(days=first_age)
        return start_of_day(oldest, tz), start_of_day(youngest + dt.timedelta(days=1), tz)

    return Due(*churned(*second), *churned(*final), *churned(0, 0))


def age_in_days(churned_at: dt.datetime, now: dt.datetime, tz: ZoneInfo) -> int:
    return (local_date(now, tz) - local_date(churned_at, tz)).days
