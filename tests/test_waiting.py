"""A report that is late: waited for until a deadline, then the operators are told."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.programme import Programme, day
from tests.workspaces import NEVER_LOST, Place, accounts
from winback import waiting
from winback.errors import ReportRefused, UsageError, WinbackError
from winback.outcomes import Attempt, Outcome
from winback.waiting import parse_deadline, pull_until

OPERATORS = '[alerts]\nto = ["#ops"]\nno_pull_for_hours = 100\n'


class Morning:
    """A programme with dated reports, its clock and what happens as time goes by: minute → what."""

    def __init__(self, folder: Path, report: str = "exports/r_{date}.csv") -> None:
        self.programme = Programme(folder, OPERATORS)
        text = (folder / "winback.toml").read_text(encoding="utf-8")
        (folder / "winback.toml").write_text(text.replace("'reports'", f"'{report}'"), encoding="utf-8")
        (folder / "exports").mkdir()
        self.now = day(2)
        self.told: list[str] = []
        self.slept: list[float] = []

    def write(self, on: str, words: str) -> Path:
        return self.programme.file(words, f"exports/r_{on}.csv")

    def pull(self, minutes: int, events: dict[int, Callable[[], object]] | None = None) -> Outcome | WinbackError:
        """With a deadline so many minutes from now."""
        began = self.now
        with self.programme.open(self.now) as workspace:

            def sleep(seconds: float) -> None:
                self.slept.append(seconds)
                self.now += timedelta(seconds=seconds)
                workspace._now = self.now
                passed = (self.now - began) // timedelta(minutes=1)
                (events or {}).get(passed, lambda: None)()

            def pull(name: str, attempt: Attempt) -> Outcome:
                return workspace.pull(name, attempt=attempt)

            deadline = began + timedelta(minutes=minutes)
            ((_, found),) = pull_until(deadline, ["payments"], pull, workspace.now, sleep, self.told.append)
        return found

    def alerts(self) -> list[str]:
        return [message.text for message in self.programme.told() if message.recipient == "#ops"]


@pytest.fixture
def morning(tmp_path: Path) -> Morning:
    """The report of 1 November was pulled on that day; it is the 2nd now."""
    morning = Morning(tmp_path)
    morning.write("2026-11-01", "a+ b+")
    morning.now = day(1)
    morning.pull(0)
    morning.now = day(2)
    return morning


def applied(found: Outcome | WinbackError) -> str:
    assert isinstance(found, Outcome), found
    assert (found.status, found.is_new) == ("applied", True)
    return f"{found.at:%Y-%m-%d}"


def test_a_report_that_is_there_is_pulled_at_once(morning: Morning) -> None:
    morning.write("2026-11-02", "a- b+")
    assert applied(morning.pull(60)) == "2026-11-02"
    assert morning.slept == []


def test_a_report_that_comes_in_time(morning: Morning) -> None:
    found = morning.pull(60, {20: lambda: morning.write("2026-11-02", "a- b+")})
    assert applied(found) == "2026-11-02"
    assert morning.slept == [600, 600]
    assert morning.told[0].startswith("payments: there is no new report yet: the newest, r_2026-11-01.csv, is of 2026-")
    assert morning.told[1] == "trying again at 09:10 and until 10:00: payments"
    assert morning.alerts() == []


@pytest.mark.rule("R3.16")
def test_a_report_that_does_not_come_fails_at_the_deadline_and_is_told_once(morning: Morning) -> None:
    found = morning.pull(25)
    assert isinstance(found, WinbackError)
    assert "there is no new report yet" in str(found)
    assert morning.slept == [600, 600, 300]
    (alert,) = morning.alerts()
    assert "The pull of payments failed: there is no new report yet" in alert
    assert morning.alerts() == []


def test_a_folder_without_any_report_is_waited_for_too(tmp_path: Path) -> None:
    morning = Morning(tmp_path)
    assert applied(morning.pull(60, {10: lambda: morning.write("2026-11-02", "a- b+")})) == "2026-11-02"


def test_a_broken_report_is_tried_again(morning: Morning) -> None:
    """It may be half of one."""
    morning.write("2026-11-02", "uid,is_product\n")
    found = morning.pull(60, {10: lambda: morning.write("2026-11-02", "a- b+")})
    assert applied(found) == "2026-11-02"
    assert morning.alerts() == []


@pytest.mark.rule("R3.16")
def test_a_report_that_stays_broken_fails_at_the_deadline(morning: Morning) -> None:
    morning.write("2026-11-02", "uid,is_product\na,true\n")
    assert "the report has no column" in str(morning.pull(20))
    (alert,) = morning.alerts()
    assert "The pull of payments failed: the report has no column" in alert


def test_a_held_report_is_not_tried_again(morning: Morning) -> None:
    morning.write("2026-11-02", "x+")
    morning.write("2026-11-02", "a? b?")
    found = morning.pull(60)
    assert isinstance(found, Outcome)
    assert (found.status, morning.slept) == ("held", [])


def test_once_it_is_applied_the_same_command_waits_for_nothing(morning: Morning) -> None:
    morning.write("2026-11-02", "a- b+")
    morning.pull(60)
    found = morning.pull(60)
    assert isinstance(found, Outcome)
    assert (found.is_new, morning.slept) == (False, [])


def test_a_report_named_by_the_day_before_is_new_on_the_day_it_comes(morning: Morning) -> None:
    """Exports are often named by the day whose data they hold."""
    morning.now = day(3)
    found = morning.pull(60, {10: lambda: morning.write("2026-11-02", "a- b+")})
    assert applied(found) == "2026-11-02"


def test_a_report_without_a_date_is_new_once_it_is_written_again(tmp_path: Path) -> None:
    morning = Morning(tmp_path, "exports/report.csv")
    report = morning.programme.file("a+ b+", "exports/report.csv")

    def write(words: str, at: dt.datetime) -> None:
        morning.programme.file(words, "exports/report.csv")
        os.utime(report, (at.timestamp(), at.timestamp()))

    write("a+ b+", day(1) - timedelta(hours=1))
    morning.now = day(1)
    assert applied(morning.pull(0)) == "2026-11-01"
    morning.now = day(2)
    assert applied(morning.pull(60, {30: lambda: write("a- b+", day(2))})) == "2026-11-02"
    assert "report.csv was last written at 2026-11-01T08:00:00Z, before pull 1 read it" in morning.told[0]


def test_nobody_waits_for_another_products_report() -> None:
    now, order = day(1), []

    def pull(product: str, attempt: Attempt) -> Outcome:
        order.append((product, attempt))
        if product == "late":
            raise ReportRefused("there is no new report yet")
        raise WinbackError("the disk is full")

    def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)

    done = [
        name for name, _ in pull_until(day(1) + timedelta(minutes=10), ["late", "b"], pull, lambda: now, sleep, print)
    ]
    assert order == [("late", "early"), ("b", "early"), ("late", "last")]
    assert done == ["b", "late"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", "2026-11-02T09:00:00+01:00"),
        ("7:30", "2026-11-02T07:30:00+01:00"),
        ("2026-11-03T01:00", "2026-11-03T01:00:00+01:00"),
        ("2026-11-02T12:00Z", "2026-11-02T13:00:00+01:00"),
    ],
)
def test_a_deadline_is_of_today_in_the_time_zone_of_the_workspace(text: str, expected: str) -> None:
    assert parse_deadline(text, day(2), ZoneInfo("Europe/Madrid")).isoformat() == expected


def test_what_is_no_deadline_is_said() -> None:
    with pytest.raises(UsageError, match="expected a time of day such as 09:00"):
        parse_deadline("soon", day(2), ZoneInfo("UTC"))


# In real time, by the command line.


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(waiting, "EVERY", timedelta(seconds=0.2))
    return Place(tmp_path, NEVER_LOST)


def seconds_from_now(seconds: float) -> str:
    return (dt.datetime.now(dt.UTC) + timedelta(seconds=seconds)).isoformat()


def test_the_command_waits_for_the_report(place: Place) -> None:
    def come() -> None:
        time.sleep(0.7)
        place.write("2024-03-01", accounts(30))

    export = threading.Thread(target=come)
    export.start()
    ran = place.run("pull", "--retry-until", seconds_from_now(30))
    export.join()
    assert ran.status == 0, ran
    assert "applied (pull 1)" in ran.out
    assert ran.err.splitlines()[0].startswith("payments: no report ")
    assert ran.err.splitlines()[1].startswith("trying again at ")


def test_the_command_fails_at_the_deadline(place: Place) -> None:
    ran = place.run("pull", "--retry-until", seconds_from_now(0.5))
    assert ran.status == 1
    assert ran.err.splitlines()[-1].startswith("winback: no report ")


def test_the_setting_holds_for_the_daily_job_and_not_for_a_report_that_is_named(place: Place) -> None:
    over = f"{dt.datetime.now(dt.UTC) + timedelta(minutes=2):%H:%M}"
    place.set(f'[schedule]\nretry_until = "{over}"\n{NEVER_LOST}')
    assert place.run("pull", "--report", "nowhere.csv").status == 1
    ran = place.run("pull", "--retry-until", "00:00")
    assert (ran.status, "trying again" in ran.err) == (1, False)
    place.write("2024-03-01", accounts(30))
    place.done("pull")


def test_a_rehearsal_waits_for_nothing(place: Place) -> None:
    ran = place.run("pull", "--dry-run", "--retry-until", "09:00")
    assert (ran.status, "--dry-run" in ran.err) == (2, True)
