"""rules.md R5.1 to R5.5: which stage is due when, and what is checked again at the moment of sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.programme import Programme, day, rows

ON, OFF = "a+ other+", "a- other+"
PRESENCE = 'mode = "presence"'
MADRID = ZoneInfo("Europe/Madrid")


def churned(folder: Path, settings: str = "", **options: bool) -> Programme:
    """Account a churned on day 2."""
    programme = Programme(folder, settings)
    programme.pull(1, ON)
    programme.pull(2, OFF, **options)
    return programme


def planned(programme: Programme) -> list[tuple[str, float]]:
    """Stage of each notification, and on which day it was planned."""
    return [(row["stage"], (row["planned_at"] - day(0)).days) for row in programme.table("notifications")]


def madrid(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


# Stages and ages


@pytest.mark.rule("R5.1")
@pytest.mark.parametrize(
    ("pulls", "stages"),
    [
        (range(3, 15), [("first", 2), ("second", 4), ("final", 6)]),
        ([3], [("first", 2)]),
        ([4], [("first", 2), ("second", 4)]),
        ([5], [("first", 2), ("second", 5)]),
        ([4, 5], [("first", 2), ("second", 4)]),
        ([5, 6], [("first", 2), ("second", 5), ("final", 6)]),
        ([6], [("first", 2), ("final", 6)]),
        ([8], [("first", 2), ("final", 8)]),
        ([6, 7, 8], [("first", 2), ("final", 6)]),
        ([9, 10], [("first", 2)]),
    ],
    ids=str,
)
def test_stages_come_once_each_in_their_windows_and_one_unused_is_skipped(
    tmp_path: Path, pulls: list[int], stages: list[tuple[str, int]]
) -> None:
    programme = churned(tmp_path)
    for number in pulls:
        programme.pull(number, OFF)
    assert planned(programme) == stages
    assert programme.column("churns", "last_stage") == {"a": stages[-1][0]}


@pytest.mark.rule("R5.1")
@pytest.mark.parametrize(
    ("churned_at", "now", "stage"),
    [
        ("2026-11-02T23:59:59", "2026-11-03T23:59:59", None),
        ("2026-11-02T23:59:59", "2026-11-04T00:00:00", "second"),
        ("2026-11-02T00:00:00", "2026-11-05T23:59:59", "second"),
        ("2026-11-02T00:00:00", "2026-11-06T00:00:00", "final"),
        ("2026-11-02T23:59:59", "2026-11-08T23:59:59", "final"),
        ("2026-11-02T23:59:59", "2026-11-09T00:00:00", None),
        ("2026-10-24T12:00:00", "2026-10-26T00:00:00", "second"),  # the day between has 25 hours
        ("2026-10-24T23:00:00", "2026-10-25T23:59:59", None),
        ("2027-03-27T23:30:00", "2027-03-29T00:00:00", "second"),  # the day between has 23 hours
        ("2027-03-27T23:30:00", "2027-03-31T00:00:00", "final"),
    ],
)
def test_age_turns_at_local_midnight_whatever_the_clocks_do(
    tmp_path: Path, churned_at: str, now: str, stage: str | None
) -> None:
    programme = Programme(tmp_path, workspace='timezone = "Europe/Madrid"')
    programme.pull(madrid(churned_at) - timedelta(days=1), ON)
    programme.pull(madrid(churned_at), OFF)
    programme.pull(madrid(now), OFF)
    assert [stage for _, stage in programme.stages()] == ["first", *([stage] if stage else [])]


@pytest.mark.rule("R5.1")
def test_a_case_gets_at_most_one_stage_a_local_day(tmp_path: Path) -> None:
    """Learned of when it is three days old: its first message today, not its second too."""
    programme = Programme(tmp_path, workspace='timezone = "Europe/Madrid"')
    programme.pull(madrid("2026-11-02T09:00"), ON)
    report = rows(OFF, a={"changed_at": "2026-11-03T10:00"})
    for at in ("2026-11-06T00:00", "2026-11-06T12:00", "2026-11-06T23:59"):
        programme.pull(madrid(at), report)
    assert programme.stages() == [("a", "first")]
    programme.pull(madrid("2026-11-07T00:00"), report)
    assert programme.stages() == [("a", "first"), ("a", "final")]


@pytest.mark.rule("R5.1")
def test_a_case_that_never_had_its_first_gets_it_whatever_its_age(tmp_path: Path) -> None:
    programme = churned(tmp_path, '[messages]\nredirect_to = "#rehearsal"')
    assert programme.stages("sent") == []
    programme.set()
    programme.pull(17, OFF)
    assert programme.stages("sent") == [("a", "first")]


@pytest.mark.rule("R5.1")
def test_windows_can_be_set(tmp_path: Path) -> None:
    programme = churned(tmp_path, "[follow_ups]\nsecond = [1, 1]\nfinal = [8, 20]")
    for number in range(3, 25):
        programme.pull(number, OFF)
    assert planned(programme) == [("first", 2), ("second", 3), ("final", 10)]


# Who gets none


@pytest.mark.rule("R5.2", "R4.2")
@pytest.mark.parametrize(
    ("lost_after", "stages"),
    [(2, ["first"]), (3, ["first", "second"]), (4, ["first", "second"]), (5, ["first", "second", "final"])],
)
def test_a_lost_case_gets_no_follow_up(tmp_path: Path, lost_after: int, stages: list[str]) -> None:
    programme = churned(tmp_path, f"[cases]\nlost_after_days = {lost_after}")
    for number in range(3, 10):
        programme.pull(number, OFF)
    assert [stage for _, stage in programme.stages()] == stages


@pytest.mark.rule("R5.2", "R4.7")
def test_a_void_case_gets_no_follow_up(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    programme.void("a")
    for number in range(3, 10):
        programme.pull(number, OFF)
    assert programme.stages() == [("a", "first")]


@pytest.mark.rule("R5.2")
def test_a_won_case_gets_no_follow_up_and_the_next_case_its_own(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    programme.pull(3, ON)
    programme.pull(4, OFF)
    programme.pull(6, OFF)
    sent = [(row["case_id"], row["stage"]) for row in programme.table("notifications")]
    assert sent == [(1, "first"), (1, "readopted"), (2, "first"), (2, "second")]


@pytest.mark.rule("R5.2")
def test_a_case_without_messages_is_won_back_all_the_same(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[cases]\nlost_after_days = 1", product=PRESENCE)
    programme.pull(1, "baseline lost other")
    programme.pull(5, "other")
    assert programme.uids("wins") == ["baseline", "lost"]
    assert programme.stages() == []


# Planning and sending


@pytest.mark.rule("R5.3")
def test_a_pull_plans_with_now_its_own_moment_and_sends_at_its_end(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, ON, now=30)
    programme.pull(2, OFF, now=31)
    programme.pull(4, OFF, now=32)
    found = [(row["stage"], row["planned_at"], row["sent_at"]) for row in programme.table("notifications")]
    assert found == [("first", day(2), day(31)), ("second", day(4), day(32))]


@pytest.mark.rule("R5.3")
def test_without_messages_a_pull_plans_and_leaves_sending_to_notify(tmp_path: Path) -> None:
    programme = churned(tmp_path, messages=False)
    assert programme.stages("planned") == [("a", "first")]
    assert programme.messages == []
    assert programme.notify().messages == 1
    assert programme.stages("sent") == [("a", "first")]
    assert programme.notify().messages == 0
    assert len(programme.messages) == 1


@pytest.mark.rule("R5.3")
def test_a_pull_sends_what_it_planned_and_nothing_older(tmp_path: Path) -> None:
    programme = churned(tmp_path, messages=False)
    programme.pull(3, "a- other-")
    assert programme.stages("sent") == [("other", "first")]
    assert programme.stages("planned") == [("a", "first")]


@pytest.mark.rule("R5.3", "R3.12")
def test_a_held_pull_plans_nothing_and_approved_it_plans_as_it_would_have(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+ f-")
    held = programme.pull(2, "a- b- c- d- e- f+")
    assert held.status == "held"
    assert programme.stages() == []
    approved = programme.approve(held, now=9)
    assert approved.sent is not None
    assert approved.sent.messages == 6
    assert {row["planned_at"] for row in programme.table("notifications")} == {day(2)}
    assert programme.stages("sent") == [*((uid, "first") for uid in "abcde"), ("f", "new_adoption")]


@pytest.mark.rule("R5.3")
def test_a_backfill_plans_and_announces_nothing(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    for number, report in enumerate(["a+ b- c+", "a- b+ c+", "a- b+ c+", "a+ b+ c-"], start=1):
        programme.file(report, f"day_2026-11-{number:02}.csv")
    assert [outcome.status for outcome in programme.backfill("day_{date}.csv", now=5)] == ["applied"] * 4
    assert (programme.uids("wins"), programme.uids("at_risk")) == (["a", "b"], ["c"])
    assert programme.table("notifications") == []
    for number in range(6, 12):
        programme.pull(number, "a+ b+ c-")
    programme.pull(12, "a- b+ c+")
    assert programme.stages() == [("a", "first")]
    assert programme.column("cases", "silent") == {"a": False, "c": True}


@pytest.mark.rule("R5.3")
def test_cases_of_the_baseline_are_silent(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    for number in range(1, 8):
        programme.pull(number, "a b")
    assert programme.column("cases", "silent") == {"a": True, "b": True}
    assert programme.stages() == []


@pytest.mark.rule("R5.4")
@pytest.mark.parametrize(
    ("lost_after", "now", "status"), [(3, 4, "sent"), (3, 5, "skipped"), (90, 40, "sent"), (2, 4, "skipped")]
)
def test_a_case_lost_in_the_meantime_is_not_written_about(
    tmp_path: Path, lost_after: int, now: int, status: str
) -> None:
    programme = churned(tmp_path, f"[cases]\nlost_after_days = {lost_after}", messages=False)
    programme.notify(now)
    assert programme.column("notifications", "status") == {"a": status}
    assert len(programme.messages) == (status == "sent")


@pytest.mark.rule("R5.4")
def test_a_case_made_void_in_the_meantime_is_not_written_about(tmp_path: Path) -> None:
    programme = churned(tmp_path, messages=False)
    programme.void("a")
    assert programme.notify().messages == 0
    assert programme.stages("skipped") == [("a", "first")]


@pytest.mark.rule("R5.4")
def test_an_account_that_is_back_in_the_meantime_is_not_written_about(tmp_path: Path) -> None:
    programme = churned(tmp_path, messages=False)
    programme.pull(3, ON, messages=False)
    assert programme.notify().messages == 0
    assert programme.stages() == programme.stages("skipped") == [("a", "first")]


@pytest.mark.rule("R5.4", "R5.1")
def test_an_earlier_stage_not_delivered_gives_way_to_a_later_one(tmp_path: Path) -> None:
    programme = churned(tmp_path, messages=False)
    programme.pull(4, OFF, messages=False)
    programme.pull(6, OFF, messages=False)
    assert programme.stages("superseded") == [("a", "first"), ("a", "second")]
    assert programme.notify().messages == 1
    assert programme.stages("sent") == [("a", "final")]


@pytest.mark.rule("R5.4", "R5.7")
def test_a_stage_that_waits_for_a_person_gives_way_too(tmp_path: Path) -> None:
    programme = churned(tmp_path, "[messages]\nmax_per_run = 0")
    assert programme.stages("waiting") == [("a", "first")]
    programme.pull(4, OFF)
    assert programme.stages("superseded") == [("a", "first")]
    assert programme.stages("waiting") == [("a", "second")]
