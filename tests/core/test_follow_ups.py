"""Ages in local days and the windows of the stages (rules.md §5), across midnight and changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from winback.core.follow_ups import age_in_days, due

pytestmark = pytest.mark.rule("R5.1")
MADRID = ZoneInfo("Europe/Madrid")
SECOND = timedelta(seconds=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


@pytest.mark.parametrize(
    ("churned", "now", "age"),
    [
        ("2026-11-02T00:00", "2026-11-02T23:59:59", 0),
        ("2026-11-02T23:59:59", "2026-11-03T00:00", 1),
        ("2026-11-02T00:00", "2026-11-03T23:59:59", 1),
        ("2026-10-24T12:00", "2026-10-26T00:00", 2),  # the day between has 25 hours
        ("2027-03-27T23:30", "2027-03-29T00:00", 2),  # the day between has 23 hours
        ("2027-03-28T01:59", "2027-03-28T03:00", 0),
    ],
)
def test_age_is_counted_in_local_dates(churned: str, now: str, age: int) -> None:
    assert age_in_days(local(churned), local(now), MADRID) == age


@pytest.mark.parametrize(
    ("now", "second", "final"),
    [
        ("2026-11-10T09:00", ("2026-11-07", "2026-11-09"), ("2026-11-04", "2026-11-07")),
        ("2026-10-27T00:00", ("2026-10-24", "2026-10-26"), ("2026-10-21", "2026-10-24")),
        ("2027-03-30T23:59", ("2027-03-27", "2027-03-29"), ("2027-03-24", "2027-03-27")),
    ],
)
def test_windows_are_whole_local_days(now: str, second: tuple[str, str], final: tuple[str, str]) -> None:
    found = due(local(now), MADRID, (2, 3), (4, 6))
    assert (found.second_from, found.second_until) == (local(second[0]), local(second[1]))
    assert (found.final_from, found.final_until) == (local(final[0]), local(final[1]))


def test_today_is_the_local_day_of_25_hours_too() -> None:
    found = due(local("2026-10-25T12:00"), MADRID, (2, 3), (4, 6))
    assert found.today_from == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert found.today_until - found.today_from == timedelta(hours=25)


@pytest.mark.parametrize("age", range(10))
@pytest.mark.parametrize("now", ["2026-10-26T00:00", "2026-11-02T23:59:59", "2027-03-30T02:30"])
def test_a_window_holds_what_is_of_its_age(now: str, age: int) -> None:
    found = due(local(now), MADRID, (2, 3), (4, 6))
    for churned in (local(now) - timedelta(days=age), local(now) - timedelta(days=age) + SECOND):
        days = age_in_days(churned, local(now), MADRID)
        assert (found.second_from <= churned < found.second_until) is (2 <= days <= 3)
        assert (found.final_from <= churned < found.final_until) is (4 <= days <= 6)
        assert (found.today_from <= churned < found.today_until) is (days == 0)
