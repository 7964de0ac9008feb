"""rules.md R2.6: the moment of a churn or win."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.programme import Programme, day, rows

pytestmark = pytest.mark.rule("R2.6")
SECOND = timedelta(seconds=1)
PRESENCE = 'mode = "presence"'


def changed(at: datetime | str) -> dict[str, object]:
    return {"changed_at": at.isoformat() if isinstance(at, datetime) else at}


def test_a_churn_and_a_win_are_of_the_moment_of_the_pull_that_shows_them(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b-")
    programme.pull(3, "a- b+", now=5)
    assert programme.row("churns", "a")["churned_at"] == day(3)
    assert programme.row("wins", "b")["won_at"] == day(3)


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        (day(1) - SECOND, False),
        (day(1), False),
        (day(1) + SECOND, True),
        (day(2), True),
        (day(3), True),
        (day(3) + SECOND, False),
        ("", False),
        ("soon", False),
        ("2026-11-31", False),
        ("1793523600", False),
        ("11/02/2026", False),
    ],
    ids=str,
)
@pytest.mark.parametrize("before", ["a+", "a-"])
def test_changed_at_counts_between_the_last_reading_of_the_account_and_the_pull(
    tmp_path: Path, before: str, given: datetime | str, counts: bool
) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, f"{before} other+")
    after = "a-" if before == "a+" else "a+"
    programme.pull(3, rows(f"{after} other+", a=changed(given)))
    table, column = ("churns", "churned_at") if before == "a+" else ("wins", "won_at")
    assert programme.row(table, "a")[column] == (given if counts else day(3))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-02", datetime(2026, 11, 2, 6, 30, tzinfo=UTC)),
        ("2026-11-02T14:05", datetime(2026, 11, 2, 13, 5, tzinfo=UTC)),
        ("2026-11-02 14:05:30", datetime(2026, 11, 2, 13, 5, 30, tzinfo=UTC)),
        (" 2026-11-02 14:05:30.250 ", datetime(2026, 11, 2, 13, 5, 30, 250_000, tzinfo=UTC)),
        ("2026-11-02T14:05Z", datetime(2026, 11, 2, 14, 5, tzinfo=UTC)),
        ("2026-11-02T14:05:00+05:30", datetime(2026, 11, 2, 8, 35, tzinfo=UTC)),
        ("2026-11-02T14:05:00-0500", datetime(2026, 11, 2, 19, 5, tzinfo=UTC)),
        ("2026-11-02 14:05:00+01", datetime(2026, 11, 2, 13, 5, tzinfo=UTC)),
        ("2026-11-02T14", datetime(2026, 11, 2, 13, tzinfo=UTC)),
        ("20261102", datetime(2026, 11, 2, 6, 30, tzinfo=UTC)),
        ("20261102T1405", datetime(2026, 11, 2, 13, 5, tzinfo=UTC)),
        ("20261102T140530Z", datetime(2026, 11, 2, 14, 5, 30, tzinfo=UTC)),
        ("2026-11-02T14:05:30,5+01:00", datetime(2026, 11, 2, 13, 5, 30, 500_000, tzinfo=UTC)),
    ],
)
def test_changed_at_is_read_in_the_time_zone_of_the_workspace(tmp_path: Path, text: str, at: datetime) -> None:
    programme = Programme(tmp_path, workspace='timezone = "Europe/Madrid"', product='at_time = "07:30"')
    programme.pull(1, "a+ other+")
    programme.pull(3, rows("a- other+", a=changed(text)))
    assert programme.row("churns", "a")["churned_at"] == at


def test_the_last_pull_that_read_this_account_counts_not_the_last_pull(tmp_path: Path) -> None:
    """Missing on day 2, rejected on day 3, in a held report on day 4: last read on day 1."""
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+ f+")
    programme.pull(2, "b+ c+ d+ e+ f+")
    programme.pull(3, "a? b+ c+ d+ e+ f+")
    assert programme.pull(4, "a- b- c- d- e- f-").status == "held"
    moment = day(1) + SECOND
    programme.pull(5, rows("a- b- c+ d+ e+ f+", changed(moment)))
    assert programme.column("churns", "churned_at") == {"a": moment, "b": day(5)}


def test_a_win_never_precedes_the_churn_of_its_case(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product='vanished = "churn"')
    programme.pull(1, "a+ other+")
    programme.pull(3, "other+")
    programme.pull(5, rows("a+ other+", a=changed(day(2))))
    assert programme.row("wins", "a")["churned_at"] == day(3)
    assert programme.row("wins", "a")["won_at"] == day(5)


def test_a_churn_of_a_listed_account_never_precedes_the_win_before_it(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, "a other")
    programme.pull(3, "other")
    programme.pull(5, rows("a other", a=changed(day(2))))
    assert programme.row("at_risk", "a")["churned_at"] == day(5)
    programme.pull(7, "other")
    programme.pull(9, rows("a other", a=changed(day(8))))
    assert programme.row("at_risk", "a")["churned_at"] == day(8)


@pytest.mark.parametrize(
    ("given", "at"),
    [(day(-400), day(-400)), (day(1), day(1)), (day(1) + SECOND, day(1)), ("soon", day(1))],
    ids=str,
)
def test_on_the_first_list_changed_at_counts_when_it_is_not_after_the_pull(
    tmp_path: Path, given: datetime | str, at: datetime
) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, rows("a", a=changed(given)))
    assert programme.row("churns", "a")["churned_at"] == at


def test_an_account_that_was_never_listed_may_have_churned_before_the_last_list(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(2, "other")
    programme.pull(3, rows("a other", a=changed(day(1))))
    assert programme.row("at_risk", "a")["churned_at"] == day(1)


def test_an_approved_pull_is_of_its_own_moment(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+")
    held = programme.pull(3, rows("a- b- c- d- e-", a=changed(day(2)), b=changed(day(4))))
    programme.approve(held, now=6)
    assert programme.column("churns", "churned_at") == {"a": day(2)} | dict.fromkeys("bcde", day(3))
