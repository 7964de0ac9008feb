"""The state of the workspace behind the server. Whoever reads or changes it holds its lock."""

from __future__ import annotations

import copy
import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .finding import interactive
from .things import BOT_USER, Call, Channel, Json, Message, SlackError, User, View

_SCOPES = """chat:write users:read users:read.email im:write im:history im:read commands channels:read channels:history
groups:read groups:history"""
TRIGGER_SECONDS, RESPONSE_SECONDS, RESPONSE_USES = 3.0, 30 * 60.0, 5


@dataclass
class Trigger:
    user: str
    expires: float
    view: View | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    channel: str
    user: str
    expires: float
    message: str | None = None
    uses: int = 0


@dataclass
class Workspace:
    clock: Clock = field(default_factory=Clock)
    bot_token: str = "xoxb-fake-bot"
    app_token: str = "xapp-fake-app"
    signing_secret: str = "fake-signing-secret"
    scopes: set[str] = field(default_factory=lambda: set(_SCOPES.split()))
    revoked: str | None = None
    """`token_revoked` or `account_inactive`, once the bot's token is no longer good."""
    broadcasts_in_history: bool = False
    """Slack's pages promise parent messages alone, clients have seen broadcast replies too: rely on neither."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    socket_url: str = ""
    """Where the next connection is to be opened; the server makes a new one for each."""
    hide_for: float = 0.0
    """For so long what is posted now is not in history or replies."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.users["USLACKBOT"] = User("USLACKBOT", "Slackbot", tz=None)
        self.users[BOT_USER] = User(BOT_USER, "winback", "winback", is_bot=True, tz=None)

    def number(self) -> int:
        return next(self._numbers)

    def next_ts(self) -> str:
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, real_name: str, *, id: str | None = None, **more: Any) -> User:
        with self.lock:
            user = User(id or f"U0FAKE{self.number():04d}", real_name, **more)
            self.users[user.id] = user
            return user

    def add_channel(self, name: str, *, id: str | None = None, **more: Any) -> Channel:
        """`is_member`: whether the app is; `members`: ids of people."""
        with self.lock:
            channel = Channel(id or f"C0FAKE{self.number():04d}", name.removeprefix("#"), **more)
            self.channels[channel.id] = channel
            return channel

    def direct(self, user: str) -> Channel | None:
        return next((channel for channel in self.channels.values() if channel.user == user), None)

    def open_direct(self, user: str) -> Channel:
        with self.lock:
            found = self.direct(user)
            if found is None:
                found = Channel(f"D0FAKE{self.number():04d}", user=user, members={user})
                self.channels[found.id] = found
            return found

    def channel(self, id_or_name: str) -> Channel:
        """`D…`, `C…` or `#name`; a private channel the app is not in does not exist for it."""
        found = self.channels.get(id_or_name) or self.by_name(id_or_name)
        if found is None or (found.is_private and not found.is_member):
            raise SlackError("channel_not_found")
        return found

    def by_name(self, name: str) -> Channel | None:
        if not name.startswith("#"):
            return None
        return next((channel for channel in self.channels.values() if channel.name == name[1:]), None)

    def store(self, channel: Channel, text: str, **more: Any) -> Message:
        with self.lock:
            more.setdefault("user", BOT_USER)
            message = Message(channel.id, self.next_ts(), text=text, **more)
            message.shows_from = self.clock.now() + self.hide_for
            channel.messages.append(message)
            parent = channel.find(message.thread_ts) if message.thread_ts else None
            if parent is not None:
                parent.thread_ts = parent.ts
            return message

    def messages(self, channel: str | None = None) -> list[Message]:
        """All that is in one conversation (an id, `#name`, or a person's id) or in all, oldest first."""
        with self.lock:
            if channel is None:
                return sorted((m for each in self.channels.values() for m in each.messages), key=lambda m: m.ts)
            found = self.direct(channel) if channel in self.users else self.channel(channel)
            return list(found.messages) if found else []

    def new_trigger(self, user: str, view: View | None = None) -> str:
        with self.lock:
            key = f"{self.number()}.{TEAM_NUMBER}.fake"
            self.triggers[key] = Trigger(user, self.clock.now() + TRIGGER_SECONDS, view)
            return key

    def new_response_url(self, channel: str, user: str, message: str | None) -> str:
        with self.lock:
            key = f"{self.number()}"
            self.response_urls[key] = ResponseUrl(channel, user, self.clock.now() + RESPONSE_SECONDS, message)
            return key

    def new_view(self, user: str, content: Json, under: View | None = None) -> View:
        with self.lock:
            view = View(f"V0FAKE{self.number():04d}", user, self._numbered(content), self.next_ts(), under)
            self.views[view.id] = view
            return view

    def _numbered(self, content: Json) -> Json:
        return content | {"blocks": number_blocks(content["blocks"], self)}

    def change_view(self, view: View, content: Json) -> None:
        with self.lock:
            view.content, view.hash, view.errors = self._numbered(content), self.next_ts(), {}
            there = {element.get("action_id") for _, element in interactive(view.blocks)}
            view.values = {action: value for action, value in view.values.items() if action in there}

    def modal_of(self, user: str) -> View | None:
        """The one on top."""
        with self.lock:
            shown = [view for view in self.views.values() if view.user == user and view.is_open and _is_modal(view)]
            return shown[-1] if shown else None


TEAM_NUMBER = 12345


def number_blocks(blocks: list[Json], workspace: Workspace) -> list[Json]:
    """With the block_ids and action_ids that Slack makes up where none were given."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", f"made{workspace.number()}")
    for _, element in interactive(blocks):
        element.setdefault("action_id", f"made{workspace.number()}")
    return blocks


def _is_modal(view: View) -> bool:
    return str(view.content["type"]) == "modal"
