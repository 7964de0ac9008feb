"""A strict Slack of our own: README.md says how to use it and whose rules it keeps."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .answering import Answerer
from .clock import Clock
from .delivering import Deliveries
from .faults import Fault, Faults
from .forms import CannotBeDone
from .limits import RateLimits
from .mentions import links_in, pinged_by
from .person import Person
from .responses import take_response
from .sockets import SocketServer
from .things import BOT_USER, Call, Channel, Json, Message, SlackError, User, View
from .web import Exchange, Server
from .workspace import Workspace

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode import SocketModeHandler

__all__ = [
    "BOT_USER",
    "Call",
    "CannotBeDone",
    "Channel",
    "Clock",
    "FakeSlack",
    "Fault",
    "Message",
    "Person",
    "SlackError",
    "User",
    "View",
    "links_in",
    "pinged_by",
]


class FakeSlack:
    """`with FakeSlack() as slack:` and clients of `slack.base_url`."""

    def __init__(self, *, clock: Clock | None = None, rate_limits: bool = True) -> None:
        self.workspace = Workspace(clock or Clock())
        self.rate_limits = RateLimits(on=rate_limits)
        self.faults = Faults()
        self.sockets = SocketServer()
        self.deliveries = Deliveries(self.workspace, self.sockets)
        self.filled: dict[tuple[str, str], dict[str, Json]] = {}
        """What people have chosen in messages: (user, ts) → action_id → state."""
        self._answerer = Answerer(self.workspace, self.rate_limits, self.faults)
        self._errors: list[BaseException] = []

    def __enter__(self) -> Self:
        self._server = Server(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stopping.set()
        self.sockets.stop()
        self._server.stop()
        if self._errors and error is None:
            raise self._errors[0]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.app_token

    @property
    def signing_secret(self) -> str:
        return self.workspace.signing_secret

    @property
    def scopes(self) -> set[str]:
        """Of the bot's token, to be added to and taken from."""
        return self.workspace.scopes

    def add_user(self, real_name: str, **more: Any) -> User:
        """`email`, `tz`, `deleted`, `is_restricted` ...: the fields of User."""
        return self.workspace.add_user(real_name, **more)

    def add_channel(self, name: str, **more: Any) -> Channel:
        """`is_member`, `is_private`, `is_archived`, `members`: the fields of Channel."""
        return self.workspace.add_channel(name, **more)

    def post_as(self, user: str, channel: str, text: str) -> Message:
        """Somebody else writes."""
        return self.workspace.store(self.workspace.channel(channel), text, user=user)

    def as_user(self, user: User | str) -> Person:
        return Person(self, self.workspace.users[user] if isinstance(user, str) else user)

    def wait_for(self, happened: Callable[[], object], seconds: float = 10.0) -> None:
        """Apps go on working after they acknowledged."""
        until = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < until, f"has not happened within {seconds} s"
            time.sleep(0.005)

    def messages(self, channel: str | None = None) -> list[Message]:
        return self.workspace.messages(channel)

    def calls(self, method: str | None = None) -> list[Call]:
        with self.workspace.lock:
            return [call for call in self.workspace.calls if method in (None, call.method)]

    def revoke(self, error: str = "token_revoked") -> None:
        self.workspace.revoked = error

    def wait_until_connected(self, count: int = 1, seconds: float = 10.0) -> None:
        self.sockets.wait_for(count, seconds)

    @contextmanager
    def connecting(self, handler: SocketModeHandler) -> Iterator[None]:
        """A real handler, connected."""
        before = len(self.sockets.connections)
        handler.connect()  # type: ignore[no-untyped-call]
        self.wait_until_connected(before + 1)
        try:
            yield
        finally:
            with suppress(AttributeError):  # of slack_sdk, when it connected anew
                handler.close()  # type: ignore[no-untyped-call]

    def answer(self, exchange: Exchange) -> None:
        if exchange.method == "apps.connections.open":
            self.workspace.socket_url = self.sockets.new_url()
        self._answerer.answer(exchange)

    def take_response(self, key: str, given: Json) -> None:
        take_response(self.workspace, key, given)

    def note_error(self) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self._errors.append(error)
