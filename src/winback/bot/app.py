"""The Bolt app: what Slack sends, and who takes it."""

from __future__ import annotations

import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from winback.bot import buttons, command, home, submissions
from winback.bot.desk import Desk
from winback.channels import open_channel
from winback.channels.slack.client import open_client
from winback.errors import SettingsError
from winback.messages.deliver import Post

if TYPE_CHECKING:
    import threading

    from slack_bolt import App

    from winback.messages.channel import Channel
    from winback.workspace import Workspace

# So many answers are worked on at the same time; the others wait their turn, acknowledged by more.
_AT_WORK, _LISTENING = 8, 20
# A channel that wants to be left alone for longer keeps none of them waiting: what is to be told is told later.
_PATIENCE = dt.timedelta(seconds=3)


def make_desk(workspace: Workspace, stop: threading.Event) -> Desk:
    settings = workspace.settings
    opened: dict[str, Channel] = {}

    def open_once(name: str) -> Channel:
        if name not in opened:
            opened[name] = open_channel(name, settings)
        return opened[name]

    post = Post(settings, open_once, workspace.now, stop, _PATIENCE)
    listening = ThreadPoolExecutor(_LISTENING, "winback-bot-listening")
    return Desk(settings, open_client(settings), post, listening, ThreadPoolExecutor(_AT_WORK, "winback-bot"))


def make_app(desk: Desk, signing_secret: str | None) -> App:
    """`signing_secret`: with one, whatever comes is checked to be from Slack; in Socket Mode the connection is ours."""
    from slack_bolt import App
    from slack_bolt.error import BoltError

    logger = logging.getLogger("winback.bolt")
    # It logs what nobody listens to, such as the bot's own messages.
    logger.setLevel(logging.CRITICAL)
    try:
        app = App(
            client=desk.client,
            logger=logger,
            signing_secret=signing_secret or "",
            request_verification_enabled=signing_secret is not None,
            listener_executor=desk.listening,
        )
    except BoltError as error:
        raise SettingsError(f"slack.bot_token: {error}") from None
    for each in (buttons, submissions, home, command):
        each.listen(app, desk)
    return app


def whoami(desk: Desk) -> dict[str, Any]:
    """As whom the bot is connected. Raises NotDelivered where Slack does not let it in."""
    from winback.channels.slack.errors import in_our_terms

    with in_our_terms():
        answer = desk.client.auth_test()
    return {name: answer.get(name) for name in ("user", "user_id", "team", "bot_id")}
