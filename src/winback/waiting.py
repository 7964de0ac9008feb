"""A report that is late: its pull is tried again until it is there, or the time for it is over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from winback.core.moments import local_date, parse_when
from winback.errors import ReportRefused, UsageError, WinbackError
from winback.outcomes import Attempt, Outcome

EVERY = dt.timedelta(minutes=10)
Clock = Callable[[], dt.datetime]


def parse_deadline(text: str, now: dt.datetime, tz: ZoneInfo) -> dt.datetime:
    """`09:00` is of today, by the clock of the time zone; else a moment in full. In that time zone."""
    if re.fullmatch(r"\d{1,2}:\d{2}", text.strip()):
        text = f"{local_date(now, tz)}T{text.strip():>05}"
    try:
        return parse_when(text, tz).astimezone(tz)
    except ValueError as error:
        raise UsageError(
            f'expected a time of day such as 09:00, or a moment such as 2026-11-03T09:00Z: "{text}"'
        ) from (error)


def pull_until(
    deadline: dt.datetime,
    products: Sequence[str],
    pull: Callable[[str, Attempt], Outcome],
    clock: Clock,
    sleep: Callable[[float], None],
    tell: Callable[[str], None],
) -> Iterator[tuple[str, Outcome | WinbackError]]:
    """What came of each product, as soon as that is known. Nobody waits for another product's report. `tell` is given
    a line for every wait; the failure of the last attempt, at the deadline, is the one that counts."""
    todo = list(products)
    while todo:
        attempt: Attempt = "early" if clock() < deadline else "last"
        late = []
        for product in todo:
            try:
                yield product, pull(product, attempt)
            except WinbackError as error:
                if attempt == "last" or not isinstance(error, ReportRefused):
                    yield product, error
                else:
                    tell(f"{product}: {error}")
                    late.append(product)
        if late:
            pause = max(dt.timedelta(0), min(EVERY, deadline - clock()))
            again = (clock() + pause).astimezone(deadline.tzinfo)
            tell(f"trying again at {again:%H:%M} and until {deadline:%H:%M}: {', '.join(late)}")
            sleep(pause.total_seconds())
        todo = late
