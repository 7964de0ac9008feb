"""A programme whose messages go to the fake Slack, with the real bot at work there."""

from __future__ import annotations

import datetime as dt
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fake_slack import FakeSlack, Message, Person, View
from tests.fake_slack.shown import show_view
from tests.programme import LENIENT, Programme, Row, day, rows
from winback import Workspace
from winback.bot.serving import serve
from winback.channels.slack.client import open_client
from winback.channels.slack.directory import refresh_directory

OTHERS = " ".join(f"z{number}+" for number in range(20))
DANA = {"csm_name": "Dana Ruiz", "csm_email": "dana@shop.example"}


class Office:
    """Of Dana, whose manager is Lee; Sam, who has no accounts; and Gil, a guest. Account `a` churned on day 2."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, slack: FakeSlack, digest: str = "") -> None:
        self.slack = slack
        self.said: list[str] = []
        names = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
        for name, value in (names | {"SLACK_SIGNING_SECRET": slack.signing_secret}).items():
            monkeypatch.setenv(name, value)
        people = {"dana": "Dana Ruiz", "lee": "Lee Park", "sam": "Sam Roe"}
        users = {key: slack.add_user(name, email=f"{key}@shop.example") for key, name in people.items()}
        self.users = users | {"gil": slack.add_user("Gil Fox", email="gil@agency.example", is_restricted=True)}
        members = {user.id for user in self.users.values()}
        for name in ("winback", "ops"):
            slack.add_channel(name, members=members)
        text = f'[messages]\nchannel = "slack"\n[slack]\nbase_url = "{slack.base_url}"\n{digest}\n'
        text += '[people."Dana Ruiz"]\nmanager = "lee@shop.example"\n[alerts]\nto = ["#ops"]\n'
        self.programme = Programme(folder, text + LENIENT)
        self.read_directory()

    def read_directory(self) -> None:
        with self.programme.open() as workspace:
            refresh_directory(open_client(workspace.settings), workspace.now(), good_for=dt.timedelta(0))

    def as_user(self, name: str) -> Person:
        return self.slack.as_user(self.users[name])

    def pull(self, number: int, words: str, every: Row | None = None, **of: Row) -> None:
        """Accounts of Dana's, among others that stay as they are."""
        account = DANA | {"merchant_name": "Alder Shop", "gmv": 1200} | dict(every or {})
        self.programme.pull(number, self.programme.file([*rows(words, account, **of), *rows(OTHERS)]))

    def churned(self) -> None:
        self.pull(1, "a+")
        self.pull(2, "a-")

    @contextmanager
    def bot(self, now: float = 2.1, http: bool = False) -> Iterator[Workspace]:
        with bot_of(self.programme, self.slack, now, self.said, http) as workspace:
            yield workspace

    def wait_for(self, what: str, among: Sequence[Message] | None = None, to: str = "dana") -> Message:
        """The newest message with these words that somebody sees."""

        def found() -> list[Message]:
            seen = self.as_user(to).messages() if among is None else list(among)
            return [message for message in seen if what in words_of(message)]

        self.slack.wait_for(found)
        return found()[-1]

    def told(self, name: str = "dana") -> list[str]:
        """What only they saw."""
        return [message.text for message in self.as_user(name).messages() if message.only_for]


@contextmanager
def bot_of(
    programme: Programme, slack: FakeSlack, now: float, said: list[str], http: bool = False
) -> Iterator[Workspace]:
    """Connected, in a thread of its own; `said`: what it says of itself."""
    stop = threading.Event()
    failed: list[BaseException] = []
    with programme.open(day(now)) as workspace:

        def run() -> None:
            try:
                serve(workspace, stop, said.append, ("127.0.0.1", 0) if http else None)
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=run, name="bot")
        thread.start()
        try:
            slack.wait_for(lambda: failed or said)
            if http and said:
                slack.deliveries.request_url = said[0].rsplit(" ", 1)[1]
            elif said:
                slack.wait_until_connected()
            yield workspace
        finally:
            stop.set()
            thread.join(20)
            assert not thread.is_alive(), f"the bot has not stopped within 20 s:\n{all_stacks()}"
    if failed:
        raise failed[0]


def all_stacks() -> str:
    """Where every thread is now."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"{names.get(key)}:\n{''.join(traceback.format_stack(frame))}" for key, frame in sys._current_frames().items()
    )


def is_running(function: str) -> bool:
    """In any thread."""
    stacks = (traceback.walk_stack(frame) for frame in sys._current_frames().values())
    return any(frame.f_code.co_name == function for stack in stacks for frame, _ in stack)


def blocks_of(view: View | None) -> str:
    """Nothing while there is none."""
    return "" if view is None else str(view.blocks)


def is_form(view: View | None) -> bool:
    return view is not None and "submit" in view.content


def seen_in(view: View | None) -> str:
    """As it is read."""
    return "" if view is None else show_view(view, {})


def words_of(message: Any) -> str:
    return f"{message.text}\n{message.blocks}"


def table(workspace: Workspace, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workspace.table(name).to_pylist()
    return found
