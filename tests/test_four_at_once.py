"""Four processes that write to one database at once: a pull, two senders, and a stand-in for the bot. Nothing fails,
nothing is lost, nothing is said twice."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bot import VOID
from tests.workspaces import NEVER_LOST, Place, Ran, account, accounts, finished

pytestmark = pytest.mark.rule("R3.15")
ROOT = Path(__file__).parent.parent
SETTINGS = f"""{NEVER_LOST}
[messages]
bundle_over = 1000
new_adoptions = "off"
[products.payments.guard]
max_churn = 1.0
max_wins = 1.0
max_group = 1.0
"""
DAYS = range(2, 7)
WAITS = "another process is at work on payments; waiting for it …"
TITLES = {
    "first": "Merchant {} switched off payments",
    "second": "Merchant {} is still without payments",
    "final": "Last call: Merchant {} is still without payments",
    "readopted": "Merchant {} is back on payments",
}
TITLE = re.compile(r"^\| (.*Merchant .* payments)$", re.MULTILINE)
NOTICE = re.compile(r"^\| (bot says \d+)$", re.MULTILINE)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After the first pull; the reports of five more days are there."""
    place = Place(tmp_path, SETTINGS)
    place.write("2024-03-01", accounts(60))
    place.done("pull")
    for day in DAYS:
        off = {day, day + 1, day + 10, day + 20, 40, 41, 42}
        place.write(f"2024-03-0{day}", [*accounts(60, off), account(f"v{day}", enabled=False), account("v9")])
    return place


@contextmanager
def bot(place: Place) -> Iterator[list[str]]:
    """Writes until the block ends; then what it says of it is in the list."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bot", str(place.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    try:
        assert process.stdout
        assert process.stdout.readline() == "begun\n", process.communicate()
        yield said
    finally:
        out, err = process.communicate("stop\n", timeout=60)
        said += [out, err]


def send_until(place: Place, done: threading.Event, ran: list[Ran]) -> None:
    while not done.is_set():
        ran.append(finished(place.start("notify")))


def test_four_at_once(place: Place) -> None:
    done, sent = threading.Event(), list[Ran]()
    senders = [threading.Thread(target=send_until, args=(place, done, sent)) for _ in range(2)]
    with bot(place) as said:
        for sender in senders:
            sender.start()
        try:
            pulled = [finished(place.start("pull", "--report", str(report))) for report in reports(place)]
        finally:
            done.set()
            for sender in senders:
                sender.join()
    last = finished(place.start("notify"))
    for ran in (*pulled, *sent, last):
        assert (ran.status, set(ran.err.splitlines()) - {WAITS}) == (0, set()), ran
    out, err = said
    assert err == ""
    check_messages(place, "".join(ran.out for ran in (*pulled, *sent, last)), bot_said=int(out))


def reports(place: Place) -> list[Path]:
    return [place.reports / f"payments_2024-03-0{day}.csv" for day in DAYS]


def check_messages(place: Place, printed: str, bot_said: int) -> None:
    """What the tables say was sent is what was printed, each once; what is left is what a person took back."""
    assert [pull["status"] for pull in place.show("pulls")] == ["applied"] * 6
    rows = place.show("notifications")
    assert {row["status"] for row in rows} <= {"sent", "skipped", "superseded"}
    sent = [row for row in rows if row["status"] == "sent"]
    assert len(sent) > 20
    assert Counter(TITLE.findall(printed)) == Counter(TITLES[row["stage"]].format(row["uid"]) for row in sent)
    assert max(Counter((row["case_id"], row["stage"]) for row in sent).values()) == 1
    assert bot_said > 20
    assert Counter(NOTICE.findall(printed)) == Counter(f"bot says {number}" for number in range(bot_said))
    assert {case["uid"] for case in place.show("cases") if case["voided_at"]} == set(VOID)
