"""Moments as text, as numbers and as local days (rules.md R1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_LENGTH = re.compile(r"([0-9]{1,5})([hd])")
_WEEK, _SECOND = timedelta(days=7), timedelta(seconds=1)
# Beyond every moment, also with some days added.
_NEVER, _FOR_EVER = -(2**62), 2**62

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}"
TIME = r"[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?|[0-9]{2}([0-9]{2}([.,][0-9]+)?)?)?"
OFFSET = r"Z|[+-][0-9]{2}(:?[0-9]{2})?"
WHEN = re.compile(rf"(?P<on>{DATE})([T ]{TIME}({OFFSET})?)?")


def parse_when(text: str, tz: ZoneInfo, at_time: time = time(0)) -> datetime:
    """ISO 8601, with or without separators, as a moment in UTC; ValueError for anything else.

    A bare date is that day at `at_time`; a moment without an offset is local in `tz`. A local time that the
    clocks skip counts as the hour after, one they repeat as the first of the two.
    """
    written = text.strip().upper()
    match = WHEN.fullmatch(written)
    if match is None:
        raise ValueError(_not_a_moment(text))
    try:
        moment = datetime.fromisoformat(written)
        if match["on"] == written:
            moment = datetime.combine(moment.date(), at_time)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=tz)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(_not_a_moment(text)) from error


def _not_a_moment(text: str) -> str:
    return f'expected a date or moment such as 2026-11-03 or 2026-11-03T09:00Z, found "{text}"'


def parse_length(text: str) -> timedelta:
    """`48h` or `3d`, of five digits at most. Raises ValueError, which says what was expected."""
    found = _LENGTH.fullmatch(text.lower())
    if found is None:
        raise ValueError(f'expected hours or days such as 48h or 3d, found "{text}"')
    return timedelta(hours=int(found[1]) * (24 if found[2] == "d" else 1))


def format_moment(at: datetime) -> str:
    """`2026-11-03T09:00:00Z`; a fraction of a second shows only when there is one."""
    if at.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {at!r}")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC, exactly."""
    return (at - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def local_date(at: datetime, tz: ZoneInfo) -> date:
    return at.astimezone(tz).date()


def start_of_day(on: date, tz: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC; if midnight is skipped, when the clocks go forward."""
    return datetime.combine(on, time(0), tzinfo=tz).astimezone(UTC)


def local_day(at: datetime, tz: ZoneInfo) -> int:
    """The local date as days since 1970-01-01."""
    return (local_date(at, tz) - EPOCH.date()).days


@cache
def shifts(tz: ZoneInfo, until_year: int) -> tuple[tuple[int, int, int], ...]:
    """How far the clocks of a zone are ahead of UTC: (since, until, shift) in microseconds since 1970, one after the
    other and without a gap, so that SQL can tell local dates. What 1970 and `until_year` have holds before and after
    them."""
    changes = [_NEVER, *_clock_changes(tz, until_year), _FOR_EVER]
    return tuple((since, until, _shift(from_micros(max(since, 0)), tz)) for since, until in pairwise(changes))


def _clock_changes(tz: ZoneInfo, until_year: int) -> Iterator[int]:
    """Looked for week by week: no zone has changed its clocks there and back within one."""
    end = datetime(min(until_year + 1, MAXYEAR), 1, 1, tzinfo=UTC)
    before = EPOCH
    while before < end:
        after = before + _WEEK
        if _shift(before, tz) != _shift(after, tz):
            yield to_micros(_first_with(_shift(after, tz), before, after, tz))
        before = after


def _first_with(shift: int, before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        before, after = (before, middle) if _shift(middle, tz) == shift else (middle, after)
    return after


def _shift(at: datetime, tz: ZoneInfo) -> int:
    return (at.astimezone(tz).utcoffset() or timedelta(0)) // MICROSECOND
