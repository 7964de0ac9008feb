"""Socket Mode: Slack's own client, held to stop when it is told to."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from winback.channels.slack.errors import CLOSED_FOR, translated
from winback.messages.channel import TryLater

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_sdk.socket_mode import SocketModeClient
    from slack_sdk.web import SlackResponse

# How long it may take to close a connection; its threads end with the process.
_PATIENCE = 5.0


class Stopped(Exception):
    """Before it was connected."""


def socket_client(app: App, token: str, stop: threading.Event) -> SocketModeClient:
    """To be connected, which it then does anew by itself whenever Slack wants it or the line breaks; its `connect`
    raises Stopped too. To be closed by `close`."""
    return SocketModeHandler(app, token, web_client=_Opening(app.client, stop)).client


class _Opening(WebClient):
    """Asks for the address to connect to. Slack wants that seldom, and its client would sleep for as long as Slack
    says, whatever happens meanwhile."""

    def __init__(self, like: WebClient, stop: threading.Event) -> None:
        super().__init__(
            base_url=like.base_url,
            timeout=like.timeout,
            ssl=like.ssl,
            proxy=like.proxy,
            retry_handlers=[],
            logger=like._logger,
        )
        self._stop = stop

    def apps_connections_open(self, *, app_token: str, **more: Any) -> SlackResponse:
        while True:
            try:
                return super().apps_connections_open(app_token=app_token, **more)
            except SlackApiError as problem:
                said = translated(problem)
                if not isinstance(said, TryLater) or said.after in (None, CLOSED_FOR):
                    raise
                if self._stop.wait(said.after.total_seconds()):
                    raise Stopped from problem


def close(client: SocketModeClient) -> None:
    """Slack's client waits for its threads. One that is just beginning to listen takes no notice of the end, nor does
    one that is connecting anew; so they are told until they have."""
    closing = threading.Thread(target=_close_once, args=(client,), name="winback-bot-closing", daemon=True)
    closing.start()
    until = time.monotonic() + _PATIENCE
    while closing.is_alive() and time.monotonic() < until:
        client.auto_reconnect_enabled = False
        client.current_session_state.terminated = True
        closing.join(0.05)


def _close_once(client: SocketModeClient) -> None:
    # While it connects anew.
    with suppress(AttributeError):
        client.close()
