"""Whole days of CSMs and cases, by `make soak` of hundreds and thousands, at a Slack of which 5 % of the calls fail in
every way, while senders are killed over and over: every due message arrives once, in order, and at nobody who should
not get it."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.slack.senders import run_sender
from tests.fake_slack import Clock, FakeSlack
from tests.programme import LENIENT, Programme
from winback.store.models import Message, Notification

# CSMs, cases, killed senders; the large ones take minutes.
SMALL, LARGE = (30, 150, 6), (300, 2_000, 50)
SPEED = 20.0
FIRST_DAY = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)
# Gone, or no business of theirs: what is for them goes to the fallback.
GONE, GUEST = "Csm 7", "Csm 8"
SETTINGS = """
[slack]
base_url = "{url}"
[messages]
channel = "slack"
max_per_run = 100000
"""
DAY = dt.timedelta(days=1)
# After so long nobody holds a claim of a sender that died.
LATER = dt.timedelta(minutes=11)


class Days:
    """The days of one programme, whose clock is that of Slack."""

    def __init__(self, slack: FakeSlack, folder: Path, random_: random.Random, csms: int, cases: int) -> None:
        self.slack, self.random = slack, random_
        self.csms, self.cases, self.deaths = csms, cases, 0
        for number in range(csms):
            name = f"Csm {number}"
            slack.add_user(name, deleted=name == GONE, is_restricted=name == GUEST)
        slack.add_channel("winback")
        self.programme = Programme(folder, SETTINGS.format(url=slack.base_url) + LENIENT)

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(int(self.slack.clock.now()), dt.UTC)

    def begin(self, day: int) -> None:
        self.slack.clock.advance((FIRST_DAY + (day - 1) * DAY - self.now).total_seconds())

    def pull(self, day: int, off: set[int]) -> None:
        """Accounts of these numbers are off on that day."""
        self.begin(day)
        rows = [
            {
                "uid": f"M{number:04d}",
                "is_product_enabled": str(number not in off),
                "csm_name": f"Csm {number % self.csms}",
            }
            for number in range(self.cases + 100)
        ]
        self.programme.pull(self.now, rows, messages=False)

    def send(self, deaths: int) -> None:
        """Senders are killed so many times at work, then one after the other comes to its end, until nothing is left
        to be done."""
        while deaths:
            if not run_sender(self.programme.folder, self.now, SPEED, killed_after=self.random.uniform(0.1, 1)):
                deaths -= 1
                self.deaths += 1
            self.slack.clock.advance(LATER.total_seconds())
        for _ in range(15):
            run_sender(self.programme.folder, self.now, SPEED)
            self.slack.clock.advance(2 * LATER.total_seconds())
            if not self.undelivered():
                return

    def undelivered(self) -> Counter[str]:
        statuses = (row["status"] for row in self.programme.table("notifications", self.now))
        return Counter(status for status in statuses if status in ("planned", "unknown", "failed", "unrouted"))


@pytest.fixture
def days(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Days]:
    csms, cases, _ = request.param
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    with FakeSlack(clock=Clock(speed=SPEED, start=FIRST_DAY.timestamp()), rate_limits=True) as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        slack.faults.at_random(seed=seed, share=0.05)
        yield Days(slack, tmp_path, random.Random(seed), csms, cases)


@pytest.mark.only_on("sqlite")
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("days", "deaths"),
    [(SMALL, SMALL[2]), pytest.param(LARGE, LARGE[2], marks=pytest.mark.soak)],
    indirect=["days"],
    ids=["small", "large"],
)
def test_every_due_message_arrives_once_in_order_at_whom_it_is_for(days: Days, deaths: int) -> None:
    everybody, stayed = set(range(days.cases)), set(range(days.cases // 4))
    days.pull(1, set())
    for day, off, share in ((2, everybody, deaths // 2), (4, stayed, deaths // 4), (6, stayed, deaths)):
        days.pull(day, off)
        days.send(min(share, deaths - days.deaths))
        assert days.undelivered() == Counter()
    assert days.deaths == deaths
    with days.programme.open(days.now):
        check_each_arrived_once(days)
        check_order()
        check_addressees(days)
    stages = Counter(stage for _, stage in days.programme.stages("sent"))
    still = len(stayed)
    assert stages == {"first": days.cases, "second": still, "final": still, "readopted": days.cases - still}


def check_each_arrived_once(days: Days) -> None:
    """What Slack has is what the database knows to be sent, message by message."""
    arrived = Counter(message.metadata["event_payload"]["key"] for message in days.slack.messages() if message.metadata)
    assert arrived == Counter(Message.objects.exclude(sent_at=None).values_list("key", flat=True))
    told = Notification.objects.filter(status="sent").values_list("uid", "stage")
    assert max(Counter(told).values()) == 1


def check_order() -> None:
    sent: dict[str, list[tuple[float, str]]] = {}
    for uid, stage, ts in Notification.objects.filter(status="sent").values_list(
        "uid", "stage", "message__external_id"
    ):
        sent.setdefault(uid, []).append((float(str(ts)), stage))
    orders = {tuple(stage for _, stage in sorted(stages)) for stages in sent.values()}
    assert orders == {("first", "readopted"), ("first", "second", "final")}


def check_addressees(days: Days) -> None:
    names = {user.id: user.real_name for user in days.slack.workspace.users.values()}
    people = {conversation.id: names.get(conversation.user) for conversation in days.slack.workspace.channels.values()}
    told = Notification.objects.filter(status="sent").values_list("csm_name", "message__conversation").distinct()
    reached = {(csm, people[conversation or ""]) for csm, conversation in told}
    assert {csm for csm, person in reached if person is None} == {GONE, GUEST}
    assert all(csm == person for csm, person in reached if person is not None)
