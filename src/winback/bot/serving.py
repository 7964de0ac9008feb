"""`winback bot`: connected to Slack until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from winback.bot.app import make_app, make_desk, whoami
from winback.bot.desk import log
from winback.bot.digest import post_digest
from winback.bot.web import serving
from winback.channels.slack.client import app_token
from winback.channels.slack.directory import refresh_directory
from winback.channels.slack.errors import in_our_terms
from winback.errors import WinbackError
from winback.faults import in_plain_words
from winback.messages.channel import NotDelivered, OutcomeUnknown
from winback.settings.sections import Slack
from winback.store import database

if TYPE_CHECKING:
    from slack_bolt import App

    from winback.bot.desk import Desk
    from winback.workspace import Workspace

Address = tuple[str, int]
Say = Callable[[str], None]
# How often it is looked whether the digest is due, or the list of members old.
_EVERY = 30.0


def serve(workspace: Workspace, stop: threading.Event, say: Say, http: Address | None = None) -> None:
    """Until `stop` is set; what was asked before is still answered. Raises SettingsError or WinbackError where it can't
    be connected. `http`: where it listens, instead of Socket Mode."""
    desk = make_desk(workspace)
    try:
        with _connected(desk, say, http):
            while True:
                _keep_up(desk)
                if stop.wait(_EVERY):
                    break
    finally:
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
    with _socket(make_app(desk, None), token):
        say(f"connected as @{me['user']} to {me['team']}, in Socket Mode")
        yield


@contextmanager
def _socket(app: App, token: str) -> Iterator[None]:
    """It connects anew by itself, whenever Slack wants it or the line breaks."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    handler = SocketModeHandler(app, token)
    try:
        with _saying_why("slack.app_token"):
            handler.client.connect()
        yield
    finally:
        # Closing what is just being connected anew raises AttributeError in the package.
        with suppress(AttributeError):
            handler.client.close()


@contextmanager
def _saying_why(key: str) -> Iterator[None]:
    try:
        with in_our_terms():
            yield
    except (NotDelivered, OutcomeUnknown) as problem:
        raise WinbackError(f"{key}: {problem}") from problem


def _keep_up(desk: Desk) -> None:
    """What is to be done by the clock; what fails now is tried again."""
    for task in (_read_directory, post_digest):
        try:
            with in_plain_words(), in_our_terms():
                task(desk)
        except (WinbackError, NotDelivered, OutcomeUnknown) as problem:
            log.warning("%s", problem)
        except Exception:
            log.exception("the bot goes on")
        finally:
            database.close_database()


def _read_directory(desk: Desk) -> None:
    refresh_directory(desk.client, desk.now())
