"""Messages wait for the working hours of whoever gets them (rules.md §5)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.programme import LENIENT, Programme, rows
from winback.messages.people import Addressee, find_addressee, good_time
from winback.messages.quiet_hours import hours_of
from winback.settings import Person, QuietHours, Settings
from winback.store.people import Listed, keep_members

MADRID = ZoneInfo("Europe/Madrid")
SETTINGS = f"""
[people.Dana]
timezone = "Europe/Madrid"
country = "ES"
[quiet_hours]
closed_on = ["2026-12-04"]
{LENIENT}
"""
# One account churns on each day from Tuesday to Monday; closed are Friday the 4th and, in Spain, Tuesday the 8th.
CHURNS = {f"a{day}": dt.date(2026, 12, day) for day in range(1, 8)}


def at(on: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(on.year, on.month, on.day, hour, tzinfo=dt.UTC)


def play(programme: Programme) -> None:
    """A pull at night, when nobody works, and the sender in the morning and the afternoon, each day."""
    programme.pull(at(dt.date(2026, 11, 30), 4), rows(" ".join(f"{uid}+" for uid in CHURNS), {"csm_name": "Dana"}))
    for day in range(1, 18):
        on = dt.date(2026, 12, day)
        words = " ".join(f"{uid}{'-' if churned_on <= on else '+'}" for uid, churned_on in CHURNS.items())
        programme.pull(at(on, 4), rows(words, {"csm_name": "Dana"}))
        for hour in (9, 15):
            programme.notify(at(on, hour))


@pytest.mark.rule("R5.1", "R5.4")
def test_a_week_of_churns_with_a_weekend_and_holidays(tmp_path: Path) -> None:
    programme = Programme(tmp_path, SETTINGS)
    play(programme)
    sent: dict[str, dict[str, str]] = {uid: {} for uid in CHURNS}
    for row in programme.table("notifications"):
        if row["status"] == "sent":
            local = row["sent_at"].astimezone(MADRID)
            assert dt.time(8, 30) <= local.time() < dt.time(17, 30)
            sent[row["uid"]][row["stage"]] = f"{local:%a %d}"
        else:
            assert row["status"] == "superseded", row
    assert sent == {
        "a1": {"first": "Tue 01", "second": "Thu 03", "final": "Mon 07"},
        # Whose second could not go out before the final was due gets the final in its place.
        "a2": {"first": "Wed 02", "final": "Mon 07"},
        "a3": {"first": "Thu 03", "final": "Mon 07"},
        # The same with a first that a closed Friday and a weekend held.
        "a4": {"second": "Mon 07", "final": "Wed 09"},
        # The second was delivered on Monday, and Tuesday is a holiday.
        "a5": {"second": "Mon 07", "final": "Wed 09"},
        "a6": {"first": "Mon 07", "second": "Wed 09", "final": "Thu 10"},
        "a7": {"first": "Mon 07", "second": "Wed 09", "final": "Fri 11"},
    }


def test_without_the_section_any_time_is_good() -> None:
    settings = Settings(folder=Path())
    night = at(dt.date(2026, 12, 6), 2)
    assert good_time(settings, Addressee("Dana", None), night, night) == night
    assert hours_of(settings, Addressee("Dana", None)) is None


@pytest.mark.parametrize(("timezone", "country", "now", "after", "good"), [
    (None, None, "2026-12-07T07:00", None, "2026-12-07T08:30"),
    ("Europe/Madrid", None, "2026-12-07T07:00", None, "2026-12-07T07:30"),
    ("Europe/Madrid", "ES", "2026-12-08T09:00", None, "2026-12-09T07:30"),
    ("Europe/Madrid", "DE", "2026-12-08T09:00", None, "2026-12-08T09:00"),
    ("America/New_York", "US", "2026-11-26T15:00", None, "2026-11-27T13:30"),
    ("Not/A_Zone", None, "2026-12-07T07:00", None, "2026-12-07T08:30"),
    (None, None, "2026-12-07T09:00", "2026-12-07T08:40", "2026-12-08T08:30"),
    (None, None, "2026-12-07T09:00", "2026-12-05T08:40", "2026-12-07T09:00"),
    (None, None, "2026-12-24T12:00", "2026-12-24T11:00", "2026-12-28T08:30"),
    ("Asia/Tokyo", None, "2026-12-07T23:40", "2026-12-07T08:00", "2026-12-07T23:40"),
])  # fmt: skip
def test_when_somebody_may_be_written_to(
    timezone: str | None, country: str | None, now: str, after: str | None, good: str
) -> None:
    closed = (dt.date(2026, 12, 25),)
    settings = Settings(folder=Path(), quiet_hours=QuietHours(closed_on=closed), people={"Dana": Person()})
    moments = [dt.datetime.fromisoformat(each).replace(tzinfo=dt.UTC) for each in (now, good)]
    said_at = dt.datetime.fromisoformat(after).replace(tzinfo=dt.UTC) if after else None
    addressee = Addressee("Dana", None, timezone=timezone, country=country)
    assert good_time(settings, addressee, moments[0], said_at) == moments[1]


def test_the_clock_is_that_of_the_settings_then_that_of_slack(tmp_path: Path) -> None:
    programme = Programme(tmp_path, '[people.Dana]\nemail = "d@x.example"\n[quiet_hours]')
    night = at(dt.date(2026, 12, 7), 2)
    with programme.open(night) as workspace:

        def good() -> str:
            addressee = find_addressee("Dana", None, "console", workspace.settings, night)
            return f"{good_time(workspace.settings, addressee, night, None):%H:%M}"

        assert good() == "08:30"
        keep_members([Listed("U0DANA0001", "D", None, "d@x.example", "Asia/Tokyo", True, True, False)], night)
        assert good() == "02:00"
        workspace.set_person("Dana", timezone="Europe/Madrid")
        assert good() == "07:30"


@pytest.mark.rule("R5.4")
def test_what_is_held_says_so_and_is_dropped_once_it_is_not_true_any_more(tmp_path: Path) -> None:
    programme = Programme(tmp_path, f"[quiet_hours]\n{LENIENT}")
    saturday = dt.date(2026, 11, 28)
    programme.pull(at(dt.date(2026, 11, 27), 4), rows("a+ b+", {"csm_name": "Dana"}))
    programme.pull(at(saturday, 10), rows("a- b-", {"csm_name": "Dana"}))
    held = {row["uid"]: (row["status"], row["error"]) for row in programme.table("notifications")}
    assert held["a"] == ("planned", "held for Dana until 2026-11-30T08:30:00Z (quiet hours)")
    programme.pull(at(saturday, 20), rows("a+ b-", {"csm_name": "Dana"}))
    assert programme.told() == []
    programme.notify(dt.datetime(2026, 11, 30, 8, 29, tzinfo=dt.UTC))
    assert programme.told() == []
    programme.notify(dt.datetime(2026, 11, 30, 8, 30, tzinfo=dt.UTC))
    assert [message.title for message in programme.told()] == ["b switched off payments"]
