"""rules.md R3.16: what operators are told, once each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.programme import Message, Programme, accounts, day, rows
from winback.channels.console import Console
from winback.errors import ReportRefused
from winback.messages.channel import Letter, Place, Refused

pytestmark = pytest.mark.rule("R3.16")
OPERATORS = '[alerts]\nto = ["#ops", "lee@shop.example"]\n'


def alerts(programme: Programme) -> list[str]:
    """The texts of what operators were told since this was last asked."""
    told = programme.told()
    to_ops, to_lee = ([text for name, text in told if name == who] for who in ("#ops", "lee@shop.example"))
    assert to_ops == to_lee
    return to_ops


def test_a_held_pull_is_told_with_numbers_limits_and_ten_accounts(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    names = {f"m{n}": {"merchant_name": f"Merchant {n}", "gmv": n} for n in range(12)}
    programme.pull(1, rows(accounts(12), **names))
    outcome = programme.pull(2, accounts(12, "-"))
    (alert,) = alerts(programme)
    assert "The report of payments of 2026-11-02T09:00:00Z is held" in alert
    assert "12 of 12 (100.0 %, limit 10 %)" in alert
    assert f"winback pulls approve {outcome.pull_id}" in alert
    assert [n for n in range(12) if f"Merchant {n} (m{n})" in alert] == list(range(2, 12))


def test_a_report_held_for_rejected_rows_names_ten_of_their_accounts(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    programme.pull(1, rows(f"{accounts(12, '?')} a+"))
    (alert,) = alerts(programme)
    assert "rows rejected: 12 of 13 (92.3 %, limit 1 %)" in alert
    assert sum(f"m{n})" in alert for n in range(12)) == 10


def test_a_held_pull_is_told_once_and_other_rows_in_its_place_again(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    programme.pull(1, "a?")
    assert len(alerts(programme)) == 1
    programme.pull(1, "a?")
    programme.notify()
    assert alerts(programme) == []
    programme.pull(1, "b?")
    assert len(alerts(programme)) == 1


def test_a_failed_pull_is_told_once_a_day(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    for now, told in ((1, 1), (1, 0), (2, 1)):
        with pytest.raises(ReportRefused):
            programme.pull(1, "uid,enabled\na,true\n", now=now)
        said = alerts(programme)
        assert len(said) == told
        assert all("The pull of payments failed: the report has no column" in text for text in said)


def test_no_applied_pull_for_26_hours_is_told_once(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    programme.notify(day(1))
    programme.pull(1, "a+ b+")
    programme.notify(day(1) + timedelta(hours=26))
    assert alerts(programme) == []
    programme.notify(day(1) + timedelta(hours=26, seconds=1))
    (alert,) = alerts(programme)
    assert "No report of payments has been applied for 26 hours; the last is of 2026-11-01T09:00:00Z" in alert
    programme.notify(day(3))
    assert alerts(programme) == []


def test_a_held_pull_is_no_applied_one_and_the_next_silence_is_told_again(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS + "no_pull_for_hours = 30")
    programme.pull(1, "a+ b+")
    programme.pull(2, [])
    programme.told()
    programme.notify(day(1) + timedelta(hours=31))
    assert len(alerts(programme)) == 1
    programme.pull(3, "a+ b+")
    programme.notify(day(3) + timedelta(hours=30))
    assert alerts(programme) == []
    programme.notify(day(3) + timedelta(hours=31))
    assert len(alerts(programme)) == 1


def test_the_third_identical_report_in_a_row_is_told_and_the_fourth_is_not(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    told = []
    reports = ["a+ b+", "a+ b+", "b+ a+", "a+ b+", "a+ b-", "a+ b+", "a+ b+", "a+ b+"]
    for number, report in enumerate(reports, start=1):
        programme.pull(number, report)
        told.append(["third in a row with the same rows" in text for text in alerts(programme)])
    assert told == [[], [], [True], [], [], [], [], [True]]


def test_the_same_report_pulled_again_is_not_another_identical_one(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    for number in (1, 2, 2, 2):
        programme.pull(number, "a+ b+")
    assert alerts(programme) == []


def test_a_message_without_a_recipient_is_told(tmp_path: Path) -> None:
    programme = Programme(tmp_path, f'{OPERATORS}[messages]\nfallback = ""')
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    (alert,) = alerts(programme)
    assert "A message could not be sent (unrouted): a switched off payments" in alert
    programme.notify()
    assert alerts(programme) == []


def test_a_message_that_failed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deliver(console: Console, letter: Letter) -> Place:
        if letter.recipient.address == "Dana":
            raise Refused("the mailbox is full")
        return print_it(console, letter)

    print_it = Console.deliver
    monkeypatch.setattr(Console, "deliver", deliver)
    programme = Programme(tmp_path, OPERATORS)
    programme.pull(1, rows("a+ b+", {"csm_name": "Dana"}))
    programme.pull(2, rows("a- b+", {"csm_name": "Dana"}))
    (alert,) = alerts(programme)
    assert "A message could not be sent (failed): a switched off payments" in alert
    (row,) = programme.table("notifications")
    assert (row["status"], row["error"], row["sent_at"]) == ("failed", "the mailbox is full", None)


def test_without_operators_nobody_is_told(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a?")
    programme.notify(9)
    assert programme.messages == []


def test_csms_are_told_nothing_of_what_operators_are(tmp_path: Path) -> None:
    programme = Programme(tmp_path, OPERATORS)
    programme.pull(1, rows("a+ b+ c+ d+ e+", {"csm_name": "Dana"}))
    programme.pull(2, rows("a- b- c- d- e-", {"csm_name": "Dana"}))
    told: list[Message] = programme.told()
    assert {message.recipient for message in told} == {"#ops", "lee@shop.example"}
