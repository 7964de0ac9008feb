"""[schedule]: when `winback up` pulls, by a clock that the test sets."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from tests.programme import LENIENT, Programme
from winback import Workspace, daily
from winback.store.models import Pull
from winback.up.schedule import Timetable

MADRID = ZoneInfo("Europe/Madrid")
SETTINGS = '[alerts]\nto = ["#ops"]\nno_pull_for_hours = 100\n' + LENIENT


class Day:
    """A workspace in Madrid that is open all day, with what the schedule does in it."""

    def __init__(self, folder: Path, schedule: str, *, time: str = "07:30") -> None:
        self.programme = Programme(folder, workspace='timezone = "Europe/Madrid"')
        text = f'{SETTINGS}\n[schedule]\npayments = "{time}"\n{schedule}'
        self.programme.set(text, workspace='timezone = "Europe/Madrid"')
        settings = (folder / "winback.toml").read_text(encoding="utf-8")
        (folder / "winback.toml").write_text(settings.replace("'reports'", "'r_{date}.csv'"), encoding="utf-8")
        self._folder = folder

    def write(self, on: str, words: str = "a+ b+") -> None:
        self.programme.file(words, f"r_{on}.csv")

    def open(self, local: str) -> Workspace:
        return self.programme.open(moment(local))


def moment(local: str) -> dt.datetime:
    return dt.datetime.fromisoformat(local).replace(tzinfo=MADRID).astimezone(dt.UTC)


def at(workspace: Workspace, timetable: Timetable, local: str) -> list[str]:
    """The local times of all pulls, once it was looked at that time."""
    workspace._now = moment(local)
    timetable.look(threading.Event())
    return [f"{pull.read_at.astimezone(MADRID):%d %H:%M}" for pull in Pull.objects.order_by("pk")]


@pytest.fixture
def shop(tmp_path: Path) -> Day:
    day = Day(tmp_path, 'retry_until = "09:00"')
    day.write("2026-11-02")
    return day


@pytest.fixture
def workspace(shop: Day) -> Iterator[Workspace]:
    """`winback up` began at 07:00 of 2 November."""
    with shop.open("2026-11-02T07:00") as workspace:
        yield workspace


def test_a_product_is_pulled_at_its_time_once_a_day(shop: Day, workspace: Workspace) -> None:
    timetable = Timetable(workspace)
    assert at(workspace, timetable, "2026-11-02T07:29:59") == []
    assert at(workspace, timetable, "2026-11-02T07:30") == ["02 07:30"]
    shop.write("2026-11-03")
    assert at(workspace, timetable, "2026-11-02T23:59") == ["02 07:30"]
    assert at(workspace, timetable, "2026-11-03T07:29:59") == ["02 07:30"]
    assert at(workspace, timetable, "2026-11-03T07:30:04") == ["02 07:30", "03 07:30"]


def test_a_late_report_is_waited_for_until_the_deadline(shop: Day, workspace: Workspace) -> None:
    timetable = Timetable(workspace)
    at(workspace, timetable, "2026-11-02T07:30")
    assert at(workspace, timetable, "2026-11-03T07:30") == ["02 07:30"]
    shop.write("2026-11-03")
    assert at(workspace, timetable, "2026-11-03T07:39:59") == ["02 07:30"]
    assert at(workspace, timetable, "2026-11-03T07:40") == ["02 07:30", "03 07:40"]
    assert shop.programme.told() == []


def test_a_report_that_does_not_come_is_told_of_once(
    shop: Day, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    timetable = Timetable(workspace)
    at(workspace, timetable, "2026-11-02T07:30")
    for minutes in range(40):
        now = moment("2026-11-03T07:30") + dt.timedelta(minutes=5 * minutes)
        at(workspace, timetable, f"{now.astimezone(MADRID):%Y-%m-%dT%H:%M}")
    (alert,) = shop.programme.told()
    assert "The pull of payments failed: there is no new report yet" in alert.text
    assert "trying again at 07:40" in caplog.text
    # At 07:30, then every ten minutes, the last one at 09:00.
    assert caplog.text.count("there is no new report yet") == 10


def test_without_a_deadline_it_is_tried_once(tmp_path: Path) -> None:
    shop = Day(tmp_path, "")
    with shop.open("2026-11-02T07:00") as workspace:
        timetable = Timetable(workspace)
        assert at(workspace, timetable, "2026-11-02T07:30") == []
        assert len(shop.programme.told()) == 1
        shop.write("2026-11-02")
        assert at(workspace, timetable, "2026-11-02T12:00") == []


def test_what_passed_while_nothing_ran_is_made_up_for_on_the_same_day(shop: Day) -> None:
    with shop.open("2026-11-02T22:00") as workspace:
        assert at(workspace, Timetable(workspace), "2026-11-02T22:00:01") == ["02 22:00"]
        # Begun anew after it was pulled, it has nothing to do.
        shop.write("2026-11-02T2300", "a- b-")
        assert at(workspace, Timetable(workspace), "2026-11-02T23:00") == ["02 22:00"]


def test_what_passed_on_an_earlier_day_is_not(shop: Day) -> None:
    with shop.open("2026-11-03T05:00") as workspace:
        assert at(workspace, Timetable(workspace), "2026-11-03T05:00:01") == []


def test_a_pull_by_hand_before_its_time_does_not_replace_it(shop: Day, workspace: Workspace) -> None:
    workspace.pull()
    timetable = Timetable(workspace)
    shop.write("2026-11-02T0715", "a- b+")
    assert at(workspace, timetable, "2026-11-02T07:30") == ["02 07:00", "02 07:30"]


@pytest.mark.parametrize("decision", ["reject", "undo"])
def test_what_a_person_put_aside_is_not_pulled_again_by_beginning_anew(
    shop: Day, workspace: Workspace, decision: str
) -> None:
    at(workspace, Timetable(workspace), "2026-11-02T07:30")
    if decision == "undo":
        workspace.undo(1, "wrong file")
    else:
        Pull.objects.update(status="rejected")
    assert at(workspace, Timetable(workspace), "2026-11-02T08:00") == ["02 07:30"]


def test_a_backfill_of_today_does_not_replace_it(shop: Day, workspace: Workspace) -> None:
    shop.write("2026-11-01")
    (shop.programme.folder / "r_2026-11-02.csv").rename(shop.programme.folder / "later")
    workspace._now = moment("2026-11-02T08:00")
    list(workspace.backfill("payments", str(shop.programme.folder / "r_{date}.csv")))
    (shop.programme.folder / "later").rename(shop.programme.folder / "r_2026-11-02.csv")
    assert len(at(workspace, Timetable(workspace), "2026-11-02T08:30")) == 2


def test_another_products_pull_over_midnight_does_not_lose_the_day(shop: Day, workspace: Workspace) -> None:
    timetable = Timetable(workspace)
    assert at(workspace, timetable, "2026-11-03T00:05") == ["03 00:05"]


def test_a_database_that_is_away_is_no_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Day(tmp_path, "")
    shop.write("2026-11-02")
    failing = [OperationalError("database is locked")]
    apply = daily.apply

    def fail_once(*arguments: object) -> None:
        if failing:
            raise failing.pop()
        apply(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(daily, "apply", fail_once)
    with shop.open("2026-11-02T07:00") as workspace:
        timetable = Timetable(workspace)
        assert at(workspace, timetable, "2026-11-02T07:30") == []
        assert "database is locked" in caplog.text
        assert at(workspace, timetable, "2026-11-02T07:30:59") == []
        assert at(workspace, timetable, "2026-11-02T07:31") == ["02 07:31"]


def test_it_ends_between_two_products(shop: Day, workspace: Workspace) -> None:
    stop = threading.Event()
    stop.set()
    workspace._now = moment("2026-11-02T08:00")
    Timetable(workspace).look(stop)
    assert not Pull.objects.exists()


@pytest.mark.parametrize(
    ("time", "day", "before", "due"),
    [
        # The clocks go forward from 02:00 to 03:00, and back from 03:00 to 02:00.
        ("02:30", "2026-03-29", "2026-03-29T01:29:59Z", "2026-03-29T01:30:00Z"),
        ("02:30", "2026-10-25", "2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z"),
        ("07:30", "2026-03-29", "2026-03-29T05:29:59Z", "2026-03-29T05:30:00Z"),
        ("07:30", "2026-10-25", "2026-10-25T06:29:59Z", "2026-10-25T06:30:00Z"),
    ],
)
def test_on_days_when_the_clocks_change(tmp_path: Path, time: str, day: str, before: str, due: str) -> None:
    shop = Day(tmp_path, "", time=time)
    shop.write(day)
    with shop.programme.open(dt.datetime.fromisoformat(before) - dt.timedelta(hours=1)) as workspace:
        timetable = Timetable(workspace)
        workspace._now = dt.datetime.fromisoformat(before)
        timetable.look(threading.Event())
        assert not Pull.objects.exists()
        workspace._now = dt.datetime.fromisoformat(due)
        timetable.look(threading.Event())
        assert Pull.objects.get().read_at == dt.datetime.fromisoformat(due)
        # The hour that comes twice is no second day.
        workspace._now += dt.timedelta(hours=1)
        timetable.look(threading.Event())
        assert Pull.objects.count() == 1


def test_a_held_report_is_logged_without_its_accounts(
    shop: Day, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "winback")
    timetable = Timetable(workspace)
    at(workspace, timetable, "2026-11-02T07:30")
    shop.write("2026-11-03", "x? y?")
    at(workspace, timetable, "2026-11-03T07:30")
    assert Pull.objects.order_by("-pk").values_list("status", flat=True).first() == "held"
    assert "payments 2026-11-02T23:00:00Z: held (pull 2) for " in caplog.text
    assert "which `winback pulls` shows" in caplog.text
