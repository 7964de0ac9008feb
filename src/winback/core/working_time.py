"""Working hours as a table by which SQL tells how much of them lies between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from winback.core.moments import EPOCH, to_micros
from winback.core.quiet_hours import WorkingHours

_DAY = timedelta(days=1)
# (day, opens, closes, opens again, closes again, before)
Day = tuple[int, int, int, int, int, int]


def working_days(hours: WorkingHours, first: datetime, last: datetime) -> Iterator[Day]:
    """For each day of UTC from that of `first` to that of `last`: its number since 1970, the working hours that lie in
    it (two stretches at most, as local days begin at other moments than those of UTC), and how much working time there
    was before it, all in microseconds."""
    stretches = _stretches(hours, first.date() - _DAY, last.date() + _DAY)
    opens, closes = next(stretches)
    before = 0
    on = first.date()
    while on <= last.date():
        start = to_micros(datetime(on.year, on.month, on.day, tzinfo=UTC))
        end = start + _DAY // timedelta(microseconds=1)
        found = []
        while opens < end:
            if closes > start:
                found.append((max(opens, start), min(closes, end)))
            if closes > end:
                break
            opens, closes = next(stretches)
        (one, two) = (*found, (start, start), (start, start))[:2]
        yield (on - EPOCH.date()).days, *one, *two, before
        before += sum(until - since for since, until in found)
        on += _DAY


def _stretches(hours: WorkingHours, first: date, last: date) -> Iterator[tuple[int, int]]:
    """When each working day opens and closes; at last one that never does."""
    on = first
    while on <= last:
        if hours.is_working_day(on):
            opens = datetime.combine(on, hours.open, tzinfo=hours.tz)
            closes = datetime.combine(on, hours.close, tzinfo=hours.tz)
            yield to_micros(opens.astimezone(UTC)), to_micros(closes.astimezone(UTC))
        on += _DAY
    yield 2**62, 2**62
