"""A clock that was set back: what reports have shown counts, whatever the clock says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.programme import Programme, day, rows
from winback.errors import ReportRefused

OPERATORS = '[alerts]\nto = ["#ops"]\n'
HOUR = timedelta(hours=1)


@pytest.mark.rule("R3.14")
def test_a_report_of_the_moment_of_a_clock_that_was_set_back_is_refused(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(3, "a+ b+")
    before = programme.everything()
    report = programme.file("a- b+")
    with programme.open(2) as workspace, pytest.raises(ReportRefused) as refusal:
        workspace.pull("payments", report)
    assert str(refusal.value).startswith("this machine's clock is at 2026-11-02T09:00:00Z, but a report of 2026-11-03")
    assert "set the clock right, or say with --at of when the report is" in str(refusal.value)
    assert programme.everything() == before
    programme.pull(4, report)
    assert programme.uids("at_risk") == ["a"]


@pytest.mark.rule("R3.7")
def test_a_dated_report_is_pulled_by_a_clock_that_is_less_than_a_day_slow(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(3, "a+ b+")
    with pytest.raises(ReportRefused, match=r"is more than a day ahead of now, .* and this machine's clock"):
        programme.pull(4, "a- b+", now=day(3) - HOUR)
    programme.pull(4, "a- b+", now=day(3) + HOUR)
    assert programme.column("notifications", "status", at=4) == {"a": "sent"}


@pytest.mark.rule("R3.14")
def test_the_same_report_again_by_a_slow_clock_changes_nothing(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(3, "a+ b+")
    report = programme.file("a- b+")
    programme.pull(4, report)
    before = programme.everything()
    assert not programme.pull(4, report, now=day(3) + HOUR).is_new
    assert programme.everything() == before


@pytest.mark.rule("R5.4", "R5.6")
def test_notify_by_a_slow_clock_sends_what_the_last_pull_has_shown(tmp_path: Path) -> None:
    """To the owner that the last report names, with the age that it was planned with; nothing twice."""
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", {"csm_name": "Dana"}))
    programme.pull(2, rows("a- b+", {"csm_name": "Dana"}))
    programme.told()
    programme.pull(4, rows("a- b+", {"csm_name": "Lee"}), messages=False)
    programme.notify(day(1))
    (message,) = programme.told()
    assert (message.recipient, "2 days ago" in message.text) == ("Lee", True)
    assert programme.notify(day(1)).messages == 0
    assert programme.notify(day(5)).messages == 0


@pytest.mark.rule("R5.4")
def test_what_a_sender_left_unknown_waits_until_the_clock_is_past_its_lease(tmp_path: Path) -> None:
    """Rather late than twice."""
    from winback.store.models import Notification

    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    with programme.open():
        Notification.objects.update(status="unknown", sent_at=None, claimed_until=day(2) + HOUR)
    assert programme.notify(day(1), release=True).messages == 0
    assert programme.notify(day(2) + 2 * HOUR, release=True).messages == 1


@pytest.mark.rule("R3.16")
def test_a_missing_pull_is_told_when_the_clock_is_past_it(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    programme.pull(3, "a+ b+")
    programme.notify(day(1))
    assert programme.told() == []
    programme.notify(day(3) + 27 * HOUR)
    assert len(programme.told()) == 1


def test_tables_of_a_moment_before_the_last_pull_are_those_of_that_moment(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(3, "a- b+")
    with programme.open(2) as workspace:
        assert workspace.table("at_risk").num_rows == 0
        assert workspace.kpis()["at_risk"]["accounts"] == 0
