"""A bot that is told to stop does so within seconds, whatever it is waiting for, and loses nothing."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from slack_bolt import App

from tests.fake_slack import FakeSlack
from tests.programme import day
from tests.slack_bot.office import Office, all_stacks, is_form
from winback.bot.serving import serve
from winback.bot.socket import close, socket_client
from winback.channels.slack.client import open_client
from winback.channels.slack.directory import refresh_directory
from winback.messages import notices as saying
from winback.store import notices
from winback.store.models import Activity, Member, Notice

A_MINUTE = 60.0
# What Slack's own client takes to close a connection, on a busy machine.
SECONDS = 10.0

# What is shown here does not depend on the database.
pytestmark = pytest.mark.only_on("sqlite")


@contextmanager
def stopping_when(office: Office, happened: Callable[[], object], now: float = 2.1) -> Iterator[None]:
    """The bot, told to stop once something has happened; it has stopped when this ends. Within: with nothing waited
    for yet."""
    stop = threading.Event()
    with office.programme.open(day(now)) as workspace:
        bot = threading.Thread(target=serve, args=(workspace, stop, office.said.append), daemon=True)
        yield
        bot.start()
        office.slack.wait_for(happened)
        stop.set()
        bot.join(SECONDS)
        assert not bot.is_alive(), all_stacks()
    assert office.said[-1] == "stopped"


def tell(office: Office, now: float, text: str) -> None:
    with office.programme.open(day(now)) as workspace:
        notices.add("digest", "", text, "slack", "#winback", text, workspace.now())


def called(slack: FakeSlack, method: str, times: int = 1) -> Callable[[], bool]:
    """So often, or oftener."""
    return lambda: len(slack.calls(method)) >= times


def test_while_slack_takes_no_message(office: Office, slack: FakeSlack) -> None:
    tell(office, 2.1, "one")
    tell(office, 2.1, "two")
    slack.faults.order("ratelimited", seconds=A_MINUTE, times=None)
    with stopping_when(office, called(slack, "chat.postMessage", 2)):
        pass
    assert slack.messages("#winback") == []
    slack.faults.clear()
    later = 2.1 + 2 * A_MINUTE / 86_400
    with office.bot(later):
        slack.wait_for(lambda: Notice.objects.exclude(told_at=None).count() == 2)
    assert len(slack.messages("#winback")) == 2


def test_while_messages_to_a_channel_are_kept_apart(office: Office, slack: FakeSlack) -> None:
    for number in range(30):
        tell(office, 2.1, f"number {number}")
    with stopping_when(office, lambda: len(slack.messages("#winback")) == 2):
        pass
    posted = len(slack.messages("#winback"))
    assert posted < 15
    with office.programme.open(day(2.2)) as workspace:
        assert Notice.objects.exclude(told_at=None).count() == posted
        workspace._stop.set()
        saying.tell(workspace._post())
        assert len(slack.messages("#winback")) == posted, "what is told to stop begins nothing"


def test_while_slack_wants_its_list_of_members_asked_for_later(office: Office, slack: FakeSlack) -> None:
    slack.faults.order("ratelimited", "users.list", seconds=A_MINUTE, times=None)
    before = len(slack.calls("users.list"))
    with stopping_when(office, called(slack, "users.list", before + 1), now=9.1):
        members = Member.objects.count()
    with office.programme.open():
        assert Member.objects.count() == members > 0


@pytest.mark.parametrize("kind", ["ratelimited", "ratelimited_body"])
def test_while_slack_wants_the_connection_asked_for_later(office: Office, slack: FakeSlack, kind: str) -> None:
    slack.faults.order(kind, "apps.connections.open", seconds=A_MINUTE, times=None)  # type: ignore[arg-type]
    with stopping_when(office, called(slack, "apps.connections.open")):
        pass
    assert office.said == ["stopped"]


def test_while_it_is_to_connect_anew_and_can_not(office: Office, slack: FakeSlack) -> None:
    def cut() -> bool:
        if len(slack.calls("apps.connections.open")) == 1 and slack.sockets.connections:
            slack.sockets.disconnect()
            time.sleep(0.2)
        return len(slack.calls("apps.connections.open")) > 1

    slack.faults.order("ratelimited", "apps.connections.open", seconds=A_MINUTE, times=None, after=1)
    with stopping_when(office, cut):
        pass


def test_while_it_has_only_just_connected(office: Office, slack: FakeSlack) -> None:
    """Slack's client looks whether it is to end, and then notes that it is not: whatever happens in between is lost."""
    begun = threading.Event()

    class Dawdling(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage().startswith("Starting to receive"):
                begun.set()
                time.sleep(0.5)

    logger = logging.getLogger("tests.dawdling")
    logger.setLevel(logging.INFO)
    logger.addHandler(Dawdling())
    logger.propagate = False
    with office.programme.open() as workspace:
        app = App(client=open_client(workspace.settings), logger=logger, signing_secret="s")
    client = socket_client(app, slack.app_token, threading.Event())
    client.connect()
    assert begun.wait(5)
    close(client)
    assert client.current_session_runner.thread is None, all_stacks()


def test_what_was_clicked_before_is_worked_on(office: Office, slack: FakeSlack) -> None:
    office.churned()
    slack.faults.order("late", "views.open", seconds=1.5)
    dana = office.as_user("dana")
    with office.bot():
        dana.click("I reached out")
        dana.click("Snooze")
    with office.programme.open():
        assert Activity.objects.get().csm_name == "Dana Ruiz"
    assert is_form(dana.modal)


def test_a_list_of_members_is_waited_for_while_nobody_says_stop(office: Office, slack: FakeSlack) -> None:
    slack.faults.order("ratelimited", "users.list", seconds=1)
    with office.programme.open(day(9)) as workspace:
        assert refresh_directory(open_client(workspace.settings), workspace.now(), dt.timedelta(0))
