"""Working hours in somebody's own time: against a search minute by minute, and where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winback.core.quiet_hours import NeverOpen, WorkingHours, next_working_day, opens_at

MINUTE = timedelta(minutes=1)
WEEK = frozenset(range(5))
# Clocks that change at night, at midnight, by half an hour, in the afternoon of UTC; some never.
ZONES = [
    "Europe/Madrid",
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "UTC",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(
    zone: str = "UTC", begin: str = "08:30", end: str = "17:30", *closed: str, days: frozenset[int] = WEEK
) -> WorkingHours:
    closed_on = {date.fromisoformat(each) for each in closed}
    return WorkingHours(
        ZoneInfo(zone), time.fromisoformat(begin), time.fromisoformat(end), days, closed_on.__contains__
    )


@st.composite
def windows(draw: st.DrawFn) -> WorkingHours:
    """Short and long ones, many of them at the hours at which clocks change."""
    begin, end = sorted(draw(st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True)))
    if draw(st.booleans()):
        begin, end = begin % 200, begin % 200 + 1 + end % 100
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    off = draw(st.integers(0, 6))
    return WorkingHours(
        ZoneInfo(draw(st.sampled_from(ZONES))), _clock(begin), _clock(end), days, lambda on: on.day % 7 == off
    )


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


# The changes of 2026 in these zones, and a day without one.
MOMENTS = [utc(f"2026-{each}") for each in (
    "03-07T20:00", "03-28T18:00", "04-04T10:00", "04-25T00:00", "09-05T20:00", "09-26T08:00", "10-03T10:00",
    "10-24T20:00", "10-31T20:00", "02-14T20:00", "03-21T22:00", "11-20T00:00",
)]  # fmt: skip


@given(st.sampled_from(MOMENTS), st.integers(0, 60 * 48), windows())
@settings(max_examples=150, deadline=None)
def test_it_is_the_earliest_moment_within_the_hours(near: datetime, later: int, window: WorkingHours) -> None:
    now = near + later * MINUTE
    by_minutes = next((at for at in _minutes(now) if window.is_open(at)), None)
    try:
        found = opens_at(now, window)
    except NeverOpen:
        assert by_minutes is None
        return
    assert found >= now
    assert window.is_open(found)
    if by_minutes is None:
        assert found > now + timedelta(days=4)
    else:
        assert found == by_minutes


def _minutes(now: datetime) -> list[datetime]:
    return [now + minute * MINUTE for minute in range(60 * 24 * 4)]


@given(st.integers(0, 365 * 86_400).map(lambda second: utc("2026-01-01") + timedelta(seconds=second)), windows())
@settings(deadline=None)
def test_the_next_working_day_is_another_local_day(after: datetime, window: WorkingHours) -> None:
    begun = next_working_day(after, window)
    assert window.is_open(begun)
    assert begun.astimezone(window.tz).date() > after.astimezone(window.tz).date()


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-12-21T10:00", "2026-12-21T10:00"),
        ("2026-12-21T08:29:59", "2026-12-21T08:30"),
        ("2026-12-21T17:29:59", "2026-12-21T17:29:59"),
        ("2026-12-21T17:30", "2026-12-22T08:30"),
        ("2026-12-24T18:00", "2026-12-28T08:30"),
        ("2026-12-26T12:00", "2026-12-28T08:30"),
    ],
)
def test_a_week_with_a_holiday(now: str, opens: str) -> None:
    assert opens_at(utc(now), hours("UTC", "08:30", "17:30", "2026-12-25")) == utc(opens)


@pytest.mark.parametrize(
    ("after", "begins"),
    [
        ("2026-12-21T10:00", "2026-12-22T08:30"),
        ("2026-12-23T23:59", "2026-12-24T08:30"),
        ("2026-12-24T10:00", "2026-12-28T08:30"),
        ("2026-12-26T10:00", "2026-12-28T08:30"),
        ("2026-12-27T10:00", "2026-12-28T08:30"),
    ],
)
def test_the_next_working_day_passes_over_the_weekend_and_a_holiday(after: str, begins: str) -> None:
    assert next_working_day(utc(after), hours("UTC", "08:30", "17:30", "2026-12-25")) == utc(begins)


@pytest.mark.parametrize(
    ("zone", "begin", "now", "opens"),
    [
        # 02:00 to 03:00 is skipped: a day that begins within it begins at its end.
        ("Europe/Madrid", "02:30", "2026-03-29T00:00", "2026-03-29T01:00"),
        ("Europe/Madrid", "08:30", "2026-03-28T20:00", "2026-03-29T06:30"),
        ("Europe/Madrid", "08:30", "2026-10-24T20:00", "2026-10-25T07:30"),
        # 02:00 to 03:00 comes twice: the first counts.
        ("Europe/Madrid", "02:30", "2026-10-24T22:00", "2026-10-25T00:30"),
        # Midnight is skipped.
        ("America/Havana", "00:00", "2026-03-08T04:00", "2026-03-08T05:00"),
    ],
)
def test_where_the_clocks_change(zone: str, begin: str, now: str, opens: str) -> None:
    assert opens_at(utc(now), hours(zone, begin, days=frozenset(range(7)))) == utc(opens)


def test_a_window_that_the_clocks_skip_is_not_open_that_day() -> None:
    night = hours("Europe/Madrid", "02:10", "02:50", days=frozenset(range(7)))
    assert opens_at(utc("2026-03-29T00:00"), night) == utc("2026-03-30T00:10")


def test_the_same_moment_is_another_day_elsewhere() -> None:
    friday_evening = utc("2026-11-06T20:00")
    assert opens_at(friday_evening, hours("America/Los_Angeles")) == friday_evening
    assert opens_at(friday_evening, hours("Asia/Tokyo")) == utc("2026-11-08T23:30")


def test_who_never_works_is_never_open() -> None:
    never = WorkingHours(ZoneInfo("UTC"), time(8), time(9), WEEK, lambda _: True)
    with pytest.raises(NeverOpen, match="no working day within a year of 2026-11-06"):
        opens_at(utc("2026-11-06T20:00"), never)
