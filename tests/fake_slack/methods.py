"""The Web API: each method with the scope it needs and how often a minute it may be called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .things import APP, BOT, BOT_USER, TEAM, Channel, Json, SlackError
from .workspace import Workspace

Token = Literal["bot", "app"]
Function = Callable[[Workspace, Json], Json]
T1, T2, T3, T4 = 10, 20, 50, 100
"""Calls a minute. Slack promises "1+" for tier 1; ten, so that a bot can connect ten times."""


@dataclass(frozen=True)
class Method:
    function: Function
    scope: str | None
    per_minute: int | None
    token: Token


METHODS: dict[str, Method] = {}


def method(
    name: str, *, scope: str | None = None, per_minute: int | None = T4, kind: Token = "bot"
) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        METHODS[name] = Method(function, scope, per_minute, kind)
        return function

    return add


def need(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


def argument(arguments: Json, name: str, error: str = "invalid_arguments") -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        raise SlackError(error, response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})
    return value


def is_true(arguments: Json, name: str) -> bool:
    return str(arguments.get(name, "")).lower() in {"1", "true"}


def page(items: list[Any], arguments: Json, default: int, most: int) -> tuple[list[Any], str]:
    """One page of the items, and the cursor of the next."""
    try:
        limit = int(arguments.get("limit") or default)
    except ValueError:
        raise SlackError("invalid_limit") from None
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    cursor = str(arguments.get("cursor") or "")
    start = cursor.removeprefix("next:")
    if cursor and not (cursor.startswith("next:") and start.isdigit()):
        raise SlackError("invalid_cursor")
    first = int(start or 0)
    following = f"next:{first + limit}" if first + limit < len(items) else ""
    return items[first : first + limit], following


@method("auth.test")
def auth_test(workspace: Workspace, arguments: Json) -> Json:
    who = {"url": "https://fake.slack.example/", "team": "Fake", "user": "winback", "team_id": TEAM}
    return who | {"user_id": BOT_USER, "bot_id": BOT, "app_id": APP, "is_enterprise_install": False}


@method("users.list", scope="users:read", per_minute=T2)
def users_list(workspace: Workspace, arguments: Json) -> Json:
    if not arguments.get("limit"):
        raise SlackError("limit_required")
    with_email = "users:read.email" in workspace.scopes
    shown, cursor = page(list(workspace.users.values()), arguments, 200, 1000)
    members = [user.as_json(with_email) for user in shown if user.visible]
    return {"members": members, "cache_ts": int(workspace.clock.now()), "response_metadata": {"next_cursor": cursor}}


@method("users.info", scope="users:read")
def users_info(workspace: Workspace, arguments: Json) -> Json:
    user = workspace.users.get(argument(arguments, "user", "user_not_found"))
    if user is None:
        raise SlackError("user_not_found")
    if not user.visible:
        raise SlackError("user_not_visible")
    return {"user": user.as_json("users:read.email" in workspace.scopes)}


@method("users.lookupByEmail", scope="users:read.email", per_minute=T3)
def users_lookup_by_email(workspace: Workspace, arguments: Json) -> Json:
    wanted = argument(arguments, "email").casefold()
    for user in workspace.users.values():
        if user.email and user.email.casefold() == wanted and not user.deleted and user.visible:
            return {"user": user.as_json(with_email=True)}
    raise SlackError("users_not_found")


@method("conversations.open", scope="im:write", per_minute=T3)
def conversations_open(workspace: Workspace, arguments: Json) -> Json:
    if arguments.get("channel"):
        return {"channel": {"id": workspace.channel(str(arguments["channel"])).id}}
    ids = argument(arguments, "users", "users_list_not_supplied").split(",")
    if len(ids) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    user = workspace.users.get(ids[0])
    if user is None:
        raise SlackError("user_not_found")
    if not user.visible:
        raise SlackError("user_not_visible")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot or user.id == "USLACKBOT":
        raise SlackError("cannot_dm_bot")
    was_there = workspace.direct(user.id) is not None
    channel = workspace.open_direct(user.id)
    shown = channel.as_json() if is_true(arguments, "return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if was_there else {})


_KINDS = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}


def _kind(channel: Channel) -> str:
    return "im" if channel.is_im else "private_channel" if channel.is_private else "public_channel"


@method("conversations.list", per_minute=T2)
def conversations_list(workspace: Workspace, arguments: Json) -> Json:
    kinds = str(arguments.get("types") or "public_channel").replace(" ", "").split(",")
    for kind in kinds:
        if kind not in _KINDS:
            raise SlackError("invalid_types")
        need(workspace, _KINDS[kind])
    without_archived = is_true(arguments, "exclude_archived")
    there = [channel for channel in workspace.channels.values() if _kind(channel) in kinds]
    there = [channel for channel in there if channel.is_member or not channel.is_private]
    there = [channel for channel in there if not (without_archived and channel.is_archived)]
    shown, cursor = page(there, arguments, 100, 1000)
    return {"channels": [channel.as_json() for channel in shown], "response_metadata": {"next_cursor": cursor}}


@method("conversations.info", per_minute=T3)
def conversations_info(workspace: Workspace, arguments: Json) -> Json:
    channel = workspace.channel(by_id(arguments))
    need(workspace, channel.read_scope)
    return {"channel": channel.as_json()}


def by_id(arguments: Json) -> str:
    """A conversation where names and people's ids are not taken."""
    wanted = argument(arguments, "channel", "channel_not_found")
    if not wanted.startswith(("C", "D", "G")):
        raise SlackError("channel_not_found")
    return wanted


@method("apps.connections.open", per_minute=T1, kind="app")
def apps_connections_open(workspace: Workspace, arguments: Json) -> Json:
    return {"url": workspace.socket_url}
