"""What talks to Slack: its own package, made right for posting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from winback.errors import SettingsError
from winback.settings.sections import Slack

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from winback.settings import Settings

_SECONDS = 15


def open_client(settings: Settings) -> WebClient:
    """Raises SettingsError where the packages, the token or its variable are missing."""
    slack = settings.slack or Slack()
    token = settings.secret(slack.bot_token)
    if not token.startswith("xoxb-"):
        raise SettingsError(
            "slack.bot_token: expected a bot token, which begins with xoxb- (on the app's page, OAuth & Permissions);"
            " found something else"
        )
    return _client(token, slack)


def open_socket_client(settings: Settings) -> WebClient:
    """With the token of the app, which Socket Mode is opened with. Raises as above."""
    return _client(app_token(settings), settings.slack or Slack())


def app_token(settings: Settings) -> str:
    """Raises SettingsError where it or its variable is missing."""
    token = settings.secret((settings.slack or Slack()).app_token)
    if not token.startswith("xapp-"):
        raise SettingsError(
            "slack.app_token: expected an app-level token, which begins with xapp- (on the app's page, Basic"
            " Information); found something else"
        )
    return token


def _client(token: str, slack: Slack) -> WebClient:
    need_packages()
    from slack_sdk import WebClient

    # The standard handlers post again after a lost connection, which doubles what Slack took before; so none.
    return WebClient(token, slack.base_url, timeout=_SECONDS, retry_handlers=[], logger=_silent())


def pages(call: Callable[..., Any], what: str, **values: Any) -> Iterator[Any]:
    """All that a method of Slack lists, page by page, in our terms."""
    from winback.channels.slack.errors import in_our_terms

    cursor: str | None = None
    while cursor != "":
        with in_our_terms():
            answer = call(cursor=cursor, **values)
        yield from answer.get(what) or []
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""


def channels(client: WebClient) -> Iterator[Any]:
    """Those that the app may see, private ones that it is in among them."""
    return pages(client.conversations_list, "channels", types="public_channel,private_channel", limit=1000)


def need_packages() -> None:
    if find_spec("slack_sdk") is None:
        raise SettingsError("messages.channel: \"slack\" needs Slack's own packages: pip install 'winback[slack]'")


def _silent() -> logging.Logger:
    """What goes wrong is told once, in our words; the package would log it too."""
    logger = logging.getLogger("winback.slack")
    logger.setLevel(logging.CRITICAL)
    return logger
