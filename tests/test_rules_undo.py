"""rules.md R3.13: the last applied pull can be undone, once: what it changed and said is taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.programme import LENIENT, Programme, Report, rows
from winback.errors import WinbackError

pytestmark = pytest.mark.rule("R3.13")
DANA, LEE = {"csm_name": "Dana"}, {"csm_name": "Lee"}


def facts(programme: Programme) -> dict[str, Any]:
    """Everything but messages, which are taken back and not forgotten."""
    return {name: rows for name, rows in programme.everything().items() if name != "notifications"}


@pytest.mark.parametrize(
    ("product", "report"),
    [
        ("", "a- b+ c- d+"),  # churn
        ("", "a+ b+ c+ d+"),  # win-back of c
        ("", "a+ b- c- d+"),  # churn again of b
        ("", "a+ b+ c- d+ new-"),  # a new account
        ("", "b+ c- d+"),  # a missing one
        ("", "a? b+ c- d+"),  # a rejected one
        ("", rows("a+ b+ c- d+", {"csm_name": "Lee", "gmv": "7"})),  # another owner and other amounts
        ('vanished = "churn"', "b+ c- d+"),
        ('mode = "presence"', "a b d"),
        ('mode = "presence"', "c new"),
    ],
    ids=str,
)
def test_history_and_cases_are_as_before_the_pull(tmp_path: Path, product: str, report: Report) -> None:
    programme = Programme(tmp_path, LENIENT, product=product)
    programme.pull(1, rows("a+ b+ c+ d-", DANA))
    programme.pull(2, rows("a+ b- c- d-", DANA))
    programme.pull(3, rows("a+ b+ c- d+", DANA))
    programme.now = programme.now.replace(day=6)
    before, kpis = facts(programme), programme.kpis()
    last = programme.pull(4, report, messages=False)
    assert programme.undo(last, now=5).status == "undone"
    assert facts(programme) == before
    assert programme.kpis() == kpis
    row = programme.table("pulls")[0]
    assert (row["status"], row["reason"], row["decided_by"]) == ("undone", "wrong file", "lee")


def test_after_an_undo_other_rows_can_be_pulled_for_the_same_moment(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.undo(programme.pull(2, "a- b+"))
    assert programme.pull(2, "a+ b-").status == "applied"
    assert programme.uids("cases") == ["b"]


def test_an_approved_pull_can_be_undone(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+")
    programme.undo(programme.approve(programme.pull(2, "a- b- c- d- e-")))
    assert programme.table("cases") == []


def test_only_the_last_applied_pull_can_be_undone_and_only_once(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    first, second = programme.pull(1, "a+ b+"), programme.pull(2, "a- b+")
    third = programme.pull(3, "a- b-")
    with pytest.raises(WinbackError, match="not the last applied one"):
        programme.undo(second)
    programme.undo(third)
    with pytest.raises(WinbackError, match="undone after"):
        programme.undo(second)
    with pytest.raises(WinbackError, match="not the last"):
        programme.undo(first)
    fourth = programme.pull(4, "a- b+")
    assert programme.undo(fourth).status == "undone"
    assert programme.uids("at_risk") == ["a"]


def test_to_undo_the_same_again_changes_and_says_nothing(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    last = programme.pull(2, "a- b+")
    programme.undo(last)
    before = (programme.everything(), programme.table("pulls"))
    programme.told()
    again = programme.undo(last)
    assert (again.status, again.is_new) == ("undone", False)
    assert (programme.everything(), programme.table("pulls")) == before
    assert programme.messages == []


def test_a_pull_after_a_held_one_can_be_undone(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c+ d+ e+")
    second = programme.pull(2, "a- b+ c+ d+ e+")
    held = programme.pull(3, [])
    with pytest.raises(WinbackError, match="only an applied pull"):
        programme.undo(held)
    assert programme.undo(second).status == "undone"


# Messages


def test_unsent_messages_of_the_pull_are_gone(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c-")
    programme.undo(programme.pull(2, "a- b+ c+", messages=False))
    assert programme.table("notifications") == []
    assert programme.notify().messages == 0
    assert programme.messages == []


def test_sent_messages_about_its_churns_and_wins_are_corrected(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    names = {"a": {"merchant_name": "Alder"}, "c": {"merchant_name": "Cedar"}}
    programme.pull(1, rows("a+ b+ c-", DANA, **names))
    last = programme.pull(2, rows("a- b+ c+", LEE, **names))
    programme.told()
    programme.undo(last)
    said = {message.text: message.recipient for message in programme.messages}
    assert said == {
        "Please ignore the message about Alder (first message): the report behind it was wrong (wrong file).": "Lee",
        "Please ignore the message about Cedar (new adoption): the report behind it was wrong (wrong file).": "Lee",
    }


def test_a_sent_message_that_an_account_is_back_is_corrected(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", DANA))
    programme.pull(2, rows("a- b+", DANA))
    last = programme.pull(3, rows("a+ b+", DANA))
    programme.told()
    programme.undo(last)
    assert [(message.recipient, "(readopted)" in message.title) for message in programme.messages] == [("Dana", True)]


def test_a_corrected_message_counts_as_never_said(tmp_path: Path) -> None:
    """The case is opened again by a later pull: its first message is sent again, and no second one before it."""
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.undo(programme.pull(2, "a- b+"))
    programme.pull(3, "a- b+")
    assert programme.stages("sent")[-1] == ("a", "first")
    assert programme.row("at_risk", "a")["last_stage"] == "first"
    programme.pull(4, "a+ b+")
    assert programme.stages("sent")[-1] == ("a", "readopted")


def test_news_that_was_taken_back_is_told_when_it_comes_true(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+ c-")
    programme.pull(2, "a- b+ c-")
    programme.undo(programme.pull(3, "a+ b+ c+"))
    programme.told()
    programme.pull(4, "a+ b+ c+")
    assert [message.title for message in programme.messages] == ["a is back on payments", "c switched on payments"]


def test_a_follow_up_about_an_older_case_stays_said(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    last = programme.pull(4, "a- b+")
    assert programme.stages("sent") == [("a", "first"), ("a", "second")]
    programme.told()
    programme.undo(last)
    assert programme.messages == []
    programme.pull(5, "a- b+")
    assert programme.stages("sent") == [("a", "first"), ("a", "second")]


def test_a_superseded_message_is_planned_again(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+", messages=False)
    last = programme.pull(4, "a- b+", messages=False)
    assert programme.stages("superseded") == [("a", "first")]
    programme.undo(last)
    assert programme.stages() == programme.stages("planned") == [("a", "first")]
    assert programme.notify().messages == 1
    assert programme.stages("sent") == [("a", "first")]


def test_a_message_that_a_return_had_skipped_is_planned_again(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+", messages=False)
    last = programme.pull(3, "a+ b+", messages=False)
    assert programme.stages("skipped") == [("a", "first")]
    programme.undo(last)
    assert programme.stages("planned") == [("a", "first")]


def test_a_message_planned_again_gives_way_to_a_later_one_that_was_delivered(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+", messages=False)
    programme.undo(programme.pull(4, "a- b+"))
    assert programme.stages("sent") == [("a", "second")]
    assert programme.notify().messages == 0
    assert programme.stages("superseded") == [("a", "first")]


def test_the_owner_is_the_one_before_the_pull(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, rows("a+ b+", DANA))
    programme.pull(2, rows("a- b+", DANA))
    last = programme.pull(3, rows("a- b+", LEE))
    assert programme.column("at_risk", "csm_name_now") == {"a": "Lee"}
    programme.undo(last)
    assert programme.column("at_risk", "csm_name_now") == {"a": "Dana"}
