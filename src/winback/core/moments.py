"""Moments as text, as numbers and as local days (rules.md R1.3)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

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
