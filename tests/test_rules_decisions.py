"""rules.md R3.12, R3.14 and R3.15: approve and reject, pulling again, wholly or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programme import Programme, day, number_of, rows
from winback import sending
from winback.errors import ReportRefused, WinbackError
from winback.outcomes import Outcome
from winback.report import history

PRESENCE = 'mode = "presence"'
FIVE_ON, FIVE_OFF = "a+ b+ c+ d+ e+", "a- b- c- d- e-"


def held(programme: Programme, at: int = 2) -> Outcome:
    """A second pull in which everybody churned."""
    programme.pull(1, rows(FIVE_ON, {"csm_name": "Dana"}))
    outcome = programme.pull(at, rows(FIVE_OFF, {"csm_name": "Dana"}))
    assert outcome.status == "held"
    return outcome


# Approve and reject


@pytest.mark.rule("R3.12")
def test_an_approved_pull_is_applied_as_it_was_read_at_its_own_moment(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    outcome = held(programme)
    Path(outcome.source).unlink()
    approved = programme.approve(outcome, now=5)
    assert (approved.status, approved.at, approved.churned) == ("applied", day(2), 5)
    assert set(programme.column("at_risk", "churned_at").values()) == {day(2)}
    row = programme.table("pulls")[0]
    assert (row["status"], row["reason"], row["decided_by"]) == ("applied", "checked", "lee")


@pytest.mark.rule("R3.12")
def test_an_approved_pull_is_compared_with_the_history_as_it_is_then(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    first = held(programme)
    second = programme.pull(3, f"{FIVE_OFF} new+")
    assert (second.status, second.churned) == ("held", 5)
    programme.approve(first)
    assert programme.approve(second).churned == 0
    assert programme.column("cases", "churned_at") == dict.fromkeys("abcde", day(2))
    assert programme.table("pulls")[0]["churned"] == 0


@pytest.mark.rule("R3.12", "R5.3")
def test_an_approved_pull_that_was_read_without_messages_leaves_them_planned(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, FIVE_ON)
    programme.approve(programme.pull(2, FIVE_OFF, messages=False))
    assert len(programme.stages("planned")) == 5
    assert programme.messages == []


@pytest.mark.rule("R3.12")
def test_a_pull_read_silently_is_approved_silently(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.file(FIVE_ON, "old_2026-11-01.csv")
    programme.file(FIVE_OFF, "old_2026-11-02.csv")
    _, second = programme.backfill("old_{date}.csv", now=5)
    programme.approve(second)
    assert set(programme.column("cases", "silent").values()) == {True}
    assert programme.table("notifications") == []


@pytest.mark.rule("R3.12")
def test_a_rejected_pull_changes_nothing_and_is_kept_with_its_reason(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    outcome = held(programme)
    before = programme.everything()
    assert programme.reject(outcome).status == "rejected"
    assert programme.everything() == before
    row = programme.table("pulls")[0]
    assert (row["status"], row["reason"], row["decided_by"]) == ("rejected", "wrong file", "lee")


@pytest.mark.rule("R3.12")
@pytest.mark.parametrize("report", ["uid,is_product_enabled\n", "a? b?"])
def test_a_report_without_an_accepted_row_can_not_be_approved(tmp_path: Path, report: str) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, FIVE_ON)
    outcome = programme.pull(2, report)
    with pytest.raises(WinbackError, match="no accepted row"):
        programme.approve(outcome)
    assert programme.table("pulls")[0]["status"] == "held"


@pytest.mark.rule("R3.12")
def test_a_list_without_rows_can_be_approved_and_wins_everybody_back(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, "a b")
    outcome = programme.pull(2, "uid\n")
    assert outcome.status == "held"
    programme.approve(outcome)
    assert programme.uids("wins") == ["a", "b"]


@pytest.mark.rule("R3.12")
def test_a_list_with_rejected_rows_alone_can_not_be_approved(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product=PRESENCE)
    programme.pull(1, "a b")
    outcome = programme.pull(2, "uid,name\n,x\n")
    with pytest.raises(WinbackError, match="no accepted row"):
        programme.approve(outcome)


@pytest.mark.rule("R3.12")
def test_a_held_pull_that_is_outdated_can_only_be_rejected(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    outcome = held(programme)
    programme.pull(3, FIVE_ON)
    with pytest.raises(WinbackError, match="only a later one can be approved"):
        programme.approve(outcome)
    assert programme.table("cases") == []
    assert programme.reject(outcome).status == "rejected"


@pytest.mark.rule("R3.12")
def test_only_a_held_pull_can_be_decided_on(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    rejected = held(programme)
    programme.reject(rejected)
    with pytest.raises(WinbackError, match="only a held pull can be decided on"):
        programme.approve(rejected)
    with pytest.raises(WinbackError, match="only a held pull can be decided on"):
        programme.reject(programme.pull(3, FIVE_ON))


@pytest.mark.rule("R3.12")
@pytest.mark.parametrize("decide", [Programme.approve, Programme.reject])
def test_to_decide_the_same_again_changes_nothing(
    tmp_path: Path, decide: Callable[[Programme, Outcome], Outcome]
) -> None:
    programme = Programme(tmp_path)
    outcome = held(programme)
    decided = decide(programme, outcome)
    before = (programme.everything(), programme.table("pulls"), programme.told())
    again = decide(programme, outcome)
    assert (again.status, again.is_new) == (decided.status, False)
    assert (programme.everything(), programme.table("pulls")) == before[:2]
    assert programme.messages == []


# Pulling again


@pytest.mark.rule("R3.14")
@pytest.mark.parametrize(
    "again",
    [
        "uid,is_product_enabled,gmv,note\na,false,1000,x\nb,true,,\nc,maybe,,\n",
        "uid,is_product_enabled,gmv,note\nc,maybe,,\nb,true,,\na,false,1000,x\n",
        'gmv,UID,is_product_enabled,other\n"1,000.00", a ,NO,y\n,b,1,\n,c,?,\n',
        "uid,is_product_enabled,gmv\na,false,1000\na,off,1000\nb,true,\nc,maybe,\n",
    ],
    ids=["the same", "another order", "another spelling", "a row twice"],
)
def test_the_same_rows_at_a_known_moment_change_nothing(tmp_path: Path, again: str) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+")
    first = programme.pull(2, "uid,is_product_enabled,gmv,note\na,false,1000,x\nb,true,,\nc,maybe,,\n")
    before = (programme.everything(), programme.table("pulls"))
    programme.told()
    second = programme.pull(2, again)
    assert (second.status, second.pull_id, second.is_new) == ("applied", first.pull_id, False)
    assert (programme.everything(), programme.table("pulls")) == before
    assert programme.messages == []


@pytest.mark.rule("R3.14")
def test_the_status_recorded_is_returned_whatever_it_is(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    held(programme)
    report = rows(FIVE_OFF, {"csm_name": "Dana"})
    again = programme.pull(2, report)
    assert (again.status, again.is_new) == ("held", False)
    programme.reject(again)
    assert programme.pull(2, report).status == "rejected"
    programme.undo(programme.pull(3, FIVE_ON))
    assert programme.pull(3, FIVE_ON).status == "undone"
    assert programme.table("cases") == []


@pytest.mark.rule("R3.14")
@pytest.mark.parametrize("decided", [False, True], ids=["held", "rejected"])
def test_other_rows_at_the_moment_of_a_held_or_rejected_pull_replace_it(tmp_path: Path, decided: bool) -> None:
    programme = Programme(tmp_path)
    outcome = held(programme)
    if decided:
        programme.reject(outcome)
    second = programme.pull(2, "a- b+ c+ d+ e+")
    assert (second.status, second.is_new) == ("applied", True)
    assert [(row["pull_id"], row["at"]) for row in programme.table("pulls")] == [
        (second.pull_id, day(2)),
        (1, day(1)),
    ]
    assert programme.uids("cases") == ["a"]


@pytest.mark.rule("R3.14")
@pytest.mark.parametrize("at", [3, 2, 1])
def test_other_rows_at_or_before_the_last_applied_moment_are_an_error(tmp_path: Path, at: int) -> None:
    programme = Programme(tmp_path)
    held(programme)
    programme.pull(3, FIVE_ON)
    before = (programme.everything(), programme.table("pulls"))
    with pytest.raises(ReportRefused):
        programme.pull(at, "a- b+ c+ d+ e+", now=3)
    assert (programme.everything(), programme.table("pulls")) == before


@pytest.mark.rule("R3.14")
def test_an_earlier_moment_that_is_not_known_is_an_error(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(3, FIVE_ON)
    with pytest.raises(ReportRefused, match="too late"):
        programme.pull(2, FIVE_ON, now=3)


# Wholly or not at all


@pytest.mark.rule("R3.15")
@pytest.mark.parametrize("step", ["_plan", "record.apply_pull", "record.forget_files", "history.make_durable"])
def test_a_pull_that_dies_leaves_everything_as_it_was_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    programme = Programme(tmp_path)
    programme.pull(1, "a+ b-")
    before = (programme.everything(), programme.table("pulls"))
    with monkeypatch.context() as patch:
        patch.setattr(f"winback.daily.{step}", die)
        with pytest.raises(KeyboardInterrupt):
            programme.pull(2, "a- b+")
    assert (programme.everything(), programme.table("pulls")) == before
    assert programme.pull(2, "a- b+").status == "applied"
    assert (programme.uids("churns"), programme.uids("wins")) == (["a"], ["b"])


@pytest.mark.rule("R3.15")
def test_a_pull_that_dies_before_it_sends_sends_when_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    with monkeypatch.context() as patch:
        patch.setattr(sending, "send", die)
        with pytest.raises(KeyboardInterrupt):
            programme.pull(2, "a- b+")
    assert programme.stages("planned") == [("a", "first")]
    programme.pull(2, "a- b+")
    assert programme.stages("sent") == [("a", "first")]
    assert len(programme.messages) == 1


@pytest.mark.rule("R3.15")
def test_of_two_pulls_at_once_one_waits_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    is_locked, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with history.locked(tmp_path / "data" / "payments"):
            is_locked.set()
            may_end.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    is_locked.wait(30)
    threading.Timer(0.3, may_end.set).start()
    outcome = programme.pull(2, "a- b+")
    other.join()
    assert outcome.status == "applied"
    assert number_of(outcome) == 2
    assert "another process is at work on payments; waiting for it" in capsys.readouterr().err
