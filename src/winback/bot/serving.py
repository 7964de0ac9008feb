"""`winback bot`: connected to Slack until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from winback.bot.app import make_app, make_desk, whoami
from winback.bot.desk import log
from winback.bot.digest import add_digest
from winback.bot.socket import Stopped, close, socket_client
from winback.bot.web import serving
from winback.channels.slack.client import app_token
from winback.channels.slack.directory import refresh_directory
from winback.channels.slack.errors import in_our_terms
from winback.errors import WinbackError
from winback.faults import in_plain_words
from winback.messages import notices
from winback.messages.channel import NotDelivered, OutcomeUnknown
from winback.settings.sections import Slack
from winback.store import database
from winback.store import notices as stored

if TYPE_CHECKING:
    from winback.bot.desk import Desk
    from winback.workspace import Workspace

Address = tuple[str, int]
Say = Callable[[str], None]
# How often it is looked whether the digest is due, or the list of members old; and every how many times what asks more
# of Slack and the database.
_EVERY = 30.0
_SELDOM = 10


def serve(workspace: Workspace, stop: threading.Event, say: Say, http: Address | None = None) -> None:
    """Until `stop` is set; what was asked before is still answered. Raises SettingsError or WinbackError where it can't
    be connected. `http`: where it listens, instead of Socket Mode."""
    desk = make_desk(workspace, stop)
    try:
        with _connected(desk, say, http):
            said: dict[str, str] = {}
            for number in count(1):
                _keep_up(desk, _tasks(number), said)
                if stop.wait(_EVERY):
                    break
    except Stopped:
        pass
    finally:
        # Who listens gives work, so they end first.
        desk.listening.shutdown()
        desk.work.shutdown()
    say("stopped")


@contextmanager
def _connected(desk: Desk, say: Say, http: Address | None) -> Iterator[None]:
    settings, slack = desk.settings, desk.settings.slack or Slack()
    with _saying_why("slack.bot_token"):
        me = whoami(desk)
    if http is not None:
        app = make_app(desk, settings.secret(slack.signing_secret))
        with serving(app, http) as (host, port):
            say(f"connected as @{me['user']} to {me['team']}: listening on http://{host}:{port}/slack/events")
            yield
        return
    token = app_token(settings)
    client = socket_client(make_app(desk, None), token, desk.post.stop)
    try:
        with _saying_why("slack.app_token"):
            client.connect()
        say(f"connected as @{me['user']} to {me['team']}, in Socket Mode")
        yield
    finally:
        close(client)


@contextmanager
def _saying_why(key: str) -> Iterator[None]:
    try:
        with in_our_terms():
            yield
    except (NotDelivered, OutcomeUnknown) as problem:
        raise WinbackError(f"{key}: {problem}") from problem


def _tasks(number: int) -> Iterator[Callable[[Desk], None]]:
    """What is to be done by the clock, in a round."""
    yield from (_read_directory, add_digest, _tell if number % _SELDOM == 1 else _tell_what_is_due)
    if number % _SELDOM == 0:
        yield _edit


def _keep_up(desk: Desk, tasks: Iterator[Callable[[Desk], None]], said: dict[str, str]) -> None:
    """What fails now is tried again. `said`: of each task what went wrong the last time, so that it is logged once."""
    for task in tasks:
        if desk.post.stop.is_set():
            break
        try:
            with in_plain_words(), in_our_terms():
                task(desk)
            said.pop(task.__name__, None)
        except (WinbackError, NotDelivered, OutcomeUnknown) as problem:
            if said.get(task.__name__) != str(problem):
                log.warning("%s", problem)
            said[task.__name__] = str(problem)
        except Exception:
            log.exception("the bot goes on")
    database.close_database()


def _read_directory(desk: Desk) -> None:
    refresh_directory(desk.client, desk.now(), stop=desk.post.stop)


def _tell_what_is_due(desk: Desk) -> None:
    if stored.due(desk.now()):
        notices.tell(desk.post)


def _tell(desk: Desk) -> None:
    """Also asks what became of what has an unknown outcome, which Slack may not say."""
    notices.tell(desk.post)


def _edit(desk: Desk) -> None:
    desk.show_states()
