"""Several processes on one workspace: one clear outcome, nothing lost, nothing doubled, never "database is locked"."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests import backing
from tests.workspaces import NEVER_LOST, Place, Ran, account, accounts, finished

pytestmark = pytest.mark.rule("R3.15")
TITLE = re.compile(r"^\| (Merchant .*)$", re.MULTILINE)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After the first pull; the report of the second day is there."""
    place = Place(tmp_path, NEVER_LOST)
    place.write("2024-03-01", accounts(80, {1, 2}))
    place.done("pull")
    place.write("2024-03-02", accounts(80, {2, 3, 4}))
    return place


def check_outcome(place: Place, *pulls: Ran) -> None:
    """What one pull of the second day leads to, however many there were."""
    for ran in pulls:
        assert ran.status == 0, ran
        assert set(ran.err.splitlines()) <= {"another process is at work on payments; waiting for it …"}
    first_lines = [next(line for line in ran.out.splitlines() if line.startswith("payments ")) for ran in pulls]
    assert Counter("already applied" in line for line in first_lines) == Counter([False] + [True] * (len(pulls) - 1))
    assert place.uids("at_risk") == ["m3", "m4"]
    assert place.uids("wins") == ["m1"]
    assert [pull["status"] for pull in place.show("pulls")] == ["applied", "applied"]
    assert_sound(place)


def assert_sound(place: Place) -> None:
    if backing.current().name == "sqlite":
        assert backing.run_sql(place.folder, "pragma integrity_check") == [("ok",)]
    done = place.run("doctor")
    assert "wrong" not in done.out.replace("what is wrong", ""), done.out


def titles(*ran: Ran) -> Counter[str]:
    return Counter(title for each in ran for title in TITLE.findall(each.out))


MESSAGES = Counter(
    [
        "Merchant m3 switched off payments",
        "Merchant m4 switched off payments",
        "Merchant m1 switched on payments",
    ]
)


def test_two_pulls_of_the_same_report(place: Place) -> None:
    both = [place.start("pull") for _ in range(2)]
    ran = [finished(process) for process in both]
    check_outcome(place, *ran)
    assert titles(*ran) == MESSAGES


def test_two_first_pulls(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    place.write("2024-03-01", accounts(80, {1, 2}))
    both = [place.start("pull") for _ in range(2)]
    ran = [finished(process) for process in both]
    assert [each.status for each in ran] == [0, 0], ran
    assert [(pull["status"], pull["accepted"]) for pull in place.show("pulls")] == [("applied", 80)]
    assert place.show("cases") == []
    assert len(list((tmp_path / "data" / "payments").glob("*Z-*"))) == 1
    assert_sound(place)


def test_two_pulls_of_other_rows_at_the_same_moment(place: Place) -> None:
    """One is applied; the other is refused in one line."""
    other = place.folder / "other.csv"
    other.write_text((place.reports / "payments_2024-03-02.csv").read_text().replace("m5,", "m5x,"), encoding="utf-8")
    both = [
        place.start("pull"),
        place.start("pull", "payments", "--report", str(other), "--at", "2024-03-02"),
    ]
    ran = sorted((finished(process) for process in both), key=lambda each: each.status)
    assert [each.status for each in ran] == [0, 1], ran
    assert "is applied already" in ran[1].err.splitlines()[-1]
    assert len(place.show("pulls")) == 2
    assert titles(*ran) == MESSAGES


def test_a_pull_while_others_read_and_notify(place: Place) -> None:
    commands = (("show", "cases", "--format", "json"), ("kpis", "--format", "json"), ("notify",))
    others = [place.start(*command) for command in commands]
    pull = place.start("pull")
    others += [place.start(*command) for _ in range(3) for command in commands]
    ran = [finished(process) for process in others]
    pulled = finished(pull)
    check_outcome(place, pulled)
    for each in ran:
        assert (each.status, each.err) == (0, ""), each
    assert titles(pulled, *ran) == MESSAGES
    assert {row["status"] for row in place.show("notifications")} == {"sent"}


def test_senders_at_the_same_time_share_the_work(place: Place) -> None:
    rows = accounts(80, {2, 3, 4})
    off = [account(f"m{number}", False, csm=f"CSM {number}") for number in range(10, 17)]
    place.write("2024-03-02", [*rows[:10], *off, *rows[17:]])
    place.done("pull", "--no-messages")
    ran = [finished(process) for process in [place.start("notify") for _ in range(4)]]
    assert [(each.status, each.err) for each in ran] == [(0, "")] * 4
    expected = MESSAGES + Counter(f"Merchant m{number} switched off payments" for number in range(10, 17))
    assert titles(*ran) == expected
    assert {row["status"] for row in place.show("notifications")} == {"sent"}


def test_four_processes_on_one_workspace(place: Place) -> None:
    """Two pulls, a decision and a sender; what waits says so."""
    place.write("2024-03-03", accounts(80, set(range(60))))
    assert place.run_alone("pull", "--report", str(place.reports / "payments_2024-03-03.csv")).status == 3
    both = [place.start("pull", "--report", str(place.reports / "payments_2024-03-02.csv")) for _ in range(2)]
    reject = place.start("pulls", "reject", "2", "--reason", "wrong file")
    notify = place.start("notify")
    pulled = [finished(process) for process in both]
    rejected, notified = finished(reject), finished(notify)
    assert [each.status for each in (*pulled, rejected, notified)] == [0, 0, 0, 0], (pulled, rejected, notified)
    assert titles(*pulled, notified) == MESSAGES
    assert sorted(pull["status"] for pull in place.show("pulls")) == ["applied", "applied", "rejected"]
    assert_sound(place)


def test_two_backfills(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    for number in range(1, 7):
        place.write(f"2024-03-0{number}", accounts(80, {number, number + 1}))
    both = [place.start("backfill", "payments", "reports/payments_{date}.csv") for _ in range(2)]
    ran = [finished(process) for process in both]
    assert [each.status for each in ran] == [0, 0], ran
    assert [pull["status"] for pull in place.show("pulls")] == ["applied"] * 6
    assert len(place.show("cases")) == 5
    assert_sound(place)
