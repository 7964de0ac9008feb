"""What a workspace holds: people, conversations, messages, views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEAM, APP, BOT_USER, BOT = "T0FAKE", "A0FAKE", "U0WINBACK", "B0WINBACK"


class SlackError(Exception):
    """`{"ok": false, "error": code}`, with what else the answer says."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more


@dataclass
class User:
    id: str
    real_name: str
    display_name: str = ""
    email: str | None = None
    tz: str | None = "Europe/Madrid"
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_invited_user: bool = False
    messages_tab: bool = True
    visible: bool = True

    @property
    def name(self) -> str:
        return (self.display_name or self.real_name).lower().replace(" ", ".")

    def as_json(self, with_email: bool) -> Json:
        profile: Json = {"real_name": self.real_name, "display_name": self.display_name, "team": TEAM}
        if with_email and self.email is not None:
            profile["email"] = self.email
        shown: Json = {"id": self.id, "team_id": TEAM, "name": self.name, "deleted": self.deleted, "profile": profile}
        shown |= {"is_bot": self.is_bot, "is_app_user": False, "updated": 1_700_000_000}
        if self.deleted:
            return shown
        kinds = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_invited_user")
        shown |= {"real_name": self.real_name} | {kind: getattr(self, kind) for kind in kinds if getattr(self, kind)}
        shown |= {"is_restricted": self.is_restricted, "is_ultra_restricted": self.is_ultra_restricted}
        return shown | ({"tz": self.tz} if self.tz else {})


@dataclass
class Channel:
    """A channel (`C…`, with a name) or the conversation of the app with one person (`D…`)."""

    id: str
    name: str = ""
    user: str = ""
    is_member: bool = True
    is_private: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)

    @property
    def is_im(self) -> bool:
        return self.id.startswith("D")

    @property
    def history_scope(self) -> str:
        return "im:history" if self.is_im else "groups:history" if self.is_private else "channels:history"

    @property
    def read_scope(self) -> str:
        return "im:read" if self.is_im else "groups:read" if self.is_private else "channels:read"

    def as_json(self) -> Json:
        if self.is_im:
            return {"id": self.id, "is_im": True, "user": self.user, "is_archived": False, "created": 1_700_000_000}
        kinds = {"is_channel": not self.is_private, "is_group": self.is_private, "is_im": False}
        states = {"is_private": self.is_private, "is_archived": self.is_archived, "is_member": self.is_member}
        return {"id": self.id, "name": self.name, "name_normalized": self.name} | kinds | states

    def find(self, ts: str) -> Message | None:
        return next((message for message in self.messages if message.ts == ts), None)

    def thread(self, ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        return [message for message in self.messages if message.ts == ts or message.thread_ts == ts]


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    shows_from: float = 0.0
    only_for: str | None = None
    links_names: bool = False

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    def as_json(self, *, with_payload: bool = True) -> Json:
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": TEAM}
        if self.user == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.broadcast:
            shown["subtype"] = "thread_broadcast"
        shown |= {"thread_ts": self.thread_ts} if self.thread_ts else {}
        shown |= {"blocks": self.blocks} if self.blocks else {}
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.edited}
        if self.metadata is not None:
            payload = self.metadata if with_payload else {"event_type": self.metadata["event_type"]}
            shown["metadata"] = payload
        return shown


@dataclass
class View:
    """A modal or a home tab; `under` is the modal it lies on."""

    id: str
    user: str
    content: Json
    hash: str
    under: View | None = None
    is_open: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        return list(self.content["blocks"])

    def as_json(self) -> Json:
        ours: Json = {"id": self.id, "team_id": TEAM, "hash": self.hash, "app_id": APP, "bot_id": BOT}
        ours |= {"app_installed_team_id": TEAM, "root_view_id": self.root.id, "state": {"values": {}}}
        ours |= {"previous_view_id": self.under.id if self.under else None, "external_id": "", "callback_id": ""}
        defaults = {"private_metadata": "", "clear_on_close": False, "notify_on_close": False}
        return ours | defaults | self.content

    @property
    def root(self) -> View:
        return self.under.root if self.under else self


@dataclass
class Call:
    """One call as it came in, and what was answered: `ok`, Slack's error, or the name of the fault."""

    method: str
    arguments: Json
    at: float
    answer: str = ""
    done: bool = False
