"""When somebody may be written to: their working hours, in their own time, right also where the clocks change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from winback.core.moments import local_date, start_of_day

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_A_YEAR = 366


class NeverOpen(ValueError):
    """No working day within a year."""


@dataclass(frozen=True)
class WorkingHours:
    """From `open` until before `close`, by the clocks of `tz`. `weekdays`: Monday is 0; `is_closed`: of holidays."""

    tz: ZoneInfo
    open: time
    close: time
    weekdays: frozenset[int]
    is_closed: Callable[[date], bool] = lambda _: False

    def is_working_day(self, on: date) -> bool:
        return on.weekday() in self.weekdays and not self.is_closed(on)

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.tz)
        return self.open <= local.time() < self.close and self.is_working_day(local.date())


def opens_at(now: datetime, hours: WorkingHours) -> datetime:
    """The earliest moment not before `now` within the working hours: mostly `now` itself, or an opening. Raises
    NeverOpen."""
    if hours.is_open(now):
        return now
    today = local_date(now, hours.tz)
    for day in range(_A_YEAR + 1):
        on = today + day * _DAY
        if hours.is_working_day(on):
            found = [at for at in _openings(on, hours) if at >= now and hours.is_open(at)]
            if found:
                return min(found)
    raise NeverOpen(f"no working day within a year of {today}")


def next_working_day(after: datetime, hours: WorkingHours) -> datetime:
    """When the working day begins that follows the local day of `after`. Raises NeverOpen."""
    return opens_at(start_of_day(local_date(after, hours.tz) + _DAY, hours.tz), hours)


def _openings(on: date, hours: WorkingHours) -> Iterator[datetime]:
    """When the clocks may show an open time: as they reach it, both times where they repeat it, and as they change."""
    opening = datetime.combine(on, hours.open, tzinfo=hours.tz)
    yield opening.astimezone(UTC)
    yield opening.replace(fold=1).astimezone(UTC)
    yield from _clock_changes(on, hours.tz)


def _clock_changes(on: date, tz: ZoneInfo) -> Iterator[datetime]:
    """The first moment of the new time, where the clocks change on a local day."""
    before, after = start_of_day(on, tz) - _SECOND, start_of_day(on + _DAY, tz)
    former = _offset(before, tz)
    if _offset(after, tz) == former:
        return
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, tz) == former else (before, middle)
    yield after


def _offset(at: datetime, tz: ZoneInfo) -> timedelta:
    offset = at.astimezone(tz).utcoffset()
    assert offset is not None  # noqa: S101
    return offset
