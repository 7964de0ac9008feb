from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winback.core.moments import (
    format_moment,
    from_micros,
    local_date,
    parse_when,
    start_of_day,
    to_micros,
)

MADRID = ZoneInfo("Europe/Madrid")
NEW_YORK = ZoneInfo("America/New_York")
moments = st.datetimes(timezones=st.just(UTC))


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)


@pytest.mark.rule("R1.3")
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-03", utc(2026, 11, 2, 23)),
        ("20261103", utc(2026, 11, 2, 23)),
        ("2026-11-03T0900", utc(2026, 11, 3, 8)),
        ("2026-11-03T09:00", utc(2026, 11, 3, 8)),
        ("2026-11-03 09:00", utc(2026, 11, 3, 8)),
        ("2026-11-03T09", utc(2026, 11, 3, 8)),
        ("20261103T090000Z", utc(2026, 11, 3, 9)),
        ("20261103t090000z", utc(2026, 11, 3, 9)),
        ("20261103T09:00:30", utc(2026, 11, 3, 8, 0, 30)),
        ("2026-11-03T09:00:00Z", utc(2026, 11, 3, 9)),
        ("2026-11-03T09:00:00.25Z", utc(2026, 11, 3, 9, 0, 0, 250_000)),
        ("2026-11-03T09:00:00+05:30", utc(2026, 11, 3, 3, 30)),
        ("2026-11-03T09:00-0500", utc(2026, 11, 3, 14)),
        ("2026-11-03T00:30+01", utc(2026, 11, 2, 23, 30)),
        ("  2026-11-03T09:00Z ", utc(2026, 11, 3, 9)),
    ],
)
def test_a_moment_without_a_time_zone_is_in_that_of_the_workspace(text: str, at: datetime) -> None:
    assert parse_when(text, MADRID) == at
    assert parse_when(text, MADRID).tzinfo is UTC


@pytest.mark.rule("R1.3")
@pytest.mark.parametrize("text", ["2026-11-03", "20261103"])
def test_a_bare_date_is_that_day_at_the_time_given(text: str) -> None:
    assert parse_when(text, MADRID, time(7, 30)) == utc(2026, 11, 3, 6, 30)


def test_a_moment_does_not_take_the_time_given() -> None:
    assert parse_when("2026-11-03T0900", MADRID, time(7, 30)) == utc(2026, 11, 3, 8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026",
        "2026-11",
        "2026-W45-2",
        "2026-13-01",
        "2026-02-29",
        "2026-1-3",
        "2026-11-03T",
        "2026-11-03T25:00",
        "2026-11-03T9:00",
        "2026-11-03x09:00",
        "2026-11-03T09:00 Z",
        "2026-11-03T09:00+25:00",
        "2026-11-03Z",
        "03/11/2026",
        "٢٠٢٦-11-03",
        "1762160400",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:00-14:00",
    ],
)
def test_anything_else_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date or moment") as error:
        parse_when(text, MADRID)
    assert f'found "{text}"' in str(error.value)


def test_a_local_time_that_the_clocks_skip_is_the_hour_after() -> None:
    assert parse_when("2026-03-29T02:30", MADRID) == parse_when("2026-03-29T03:30", MADRID)


def test_a_local_time_that_the_clocks_repeat_is_the_first_of_the_two() -> None:
    assert parse_when("2026-10-25T02:30", MADRID) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (utc(2026, 11, 3, 9), "2026-11-03T09:00:00Z"),
        (utc(2026, 11, 3, 9, 0, 0, 250_000), "2026-11-03T09:00:00.250000Z"),
        (datetime(2026, 11, 3, 9, tzinfo=MADRID), "2026-11-03T08:00:00Z"),
        (utc(1, 1, 1), "0001-01-01T00:00:00Z"),
    ],
)
def test_moments_are_written_in_utc(at: datetime, text: str) -> None:
    assert format_moment(at) == text


def test_a_moment_without_a_time_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_moment(datetime(2026, 11, 3))  # noqa: DTZ001


@given(moments)
def test_what_is_written_is_read_back(at: datetime) -> None:
    assert parse_when(format_moment(at), MADRID) == at


@given(moments)
def test_microseconds_are_exact(at: datetime) -> None:
    assert from_micros(to_micros(at)) == at


def test_microseconds_count_from_1970() -> None:
    assert to_micros(utc(1970, 1, 1)) == 0
    assert to_micros(datetime(1970, 1, 1, 1, tzinfo=MADRID)) == 0
    assert to_micros(utc(1969, 12, 31, 23, 59, 59, 999_999)) == -1
    assert to_micros(utc(2026, 11, 3, 9, 0, 0, 1)) == 1_793_696_400_000_001
    assert from_micros(0).tzinfo is UTC


def test_a_local_date_follows_the_time_zone() -> None:
    at = utc(2026, 11, 3, 23, 30)
    assert local_date(at, MADRID) == date(2026, 11, 4)
    assert local_date(at, NEW_YORK) == date(2026, 11, 3)


def test_a_day_starts_at_local_midnight_summer_and_winter() -> None:
    assert start_of_day(date(2026, 11, 3), MADRID) == utc(2026, 11, 2, 23)
    assert start_of_day(date(2026, 7, 3), MADRID) == utc(2026, 7, 2, 22)


def test_a_day_without_a_midnight_starts_when_the_clocks_go_forward() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    start = start_of_day(date(2018, 11, 4), sao_paulo)
    assert local_date(start, sao_paulo) == date(2018, 11, 4)
    assert local_date(start - timedelta(microseconds=1), sao_paulo) == date(2018, 11, 3)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from([MADRID, NEW_YORK, ZoneInfo("UTC")]))
def test_the_start_of_a_day_is_in_it_and_the_moment_before_is_not(on: date, tz: ZoneInfo) -> None:
    start = start_of_day(on, tz)
    assert local_date(start, tz) == on
    assert local_date(start - timedelta(microseconds=1), tz) == on - timedelta(days=1)
