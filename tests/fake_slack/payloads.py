"""The payloads that Slack sends."""

from __future__ import annotations

from collections.abc import Mapping

from .finding import label
from .forms import fill, has_value, state_of
from .things import APP, BOT_USER, TEAM, Channel, Json, Message, User, View
from .workspace import Workspace

TOKEN = "verification-token-nobody-should-use"


def _about(kind: str, user: User) -> Json:
    who = {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM}
    where = {"team": {"id": TEAM, "domain": "fake"}, "enterprise": None, "is_enterprise_install": False}
    return {"type": kind, "user": who, "api_app_id": APP, "token": TOKEN, **where}


def action(workspace: Workspace, block: Json, element: Json, value: object) -> Json:
    """`value`: what was chosen; for feedback buttons which of the two."""
    kind = str(element["type"])
    done: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    done["action_ts"] = workspace.next_ts()
    if kind == "feedback_buttons":
        chosen = element[str(value)]
        return done | {"text": chosen["text"], "value": chosen["value"]}
    if kind == "overflow":
        options = element["options"]
        return done | {"selected_option": next(o for o in options if value in (o["value"], o["text"]["text"]))}
    if has_value(element):
        return done | fill(element, value)
    shown = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
    return done | shown


def on_message(
    workspace: Workspace,
    user: User,
    channel: Channel,
    message: Message,
    did: Json,
    filled: Mapping[str, Json],
    url: str,
) -> Json:
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container |= {"is_ephemeral": message.only_for is not None}
    container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
    name = "directmessage" if channel.is_im else channel.name
    return _about("block_actions", user) | {
        "container": container,
        "channel": {"id": channel.id, "name": name},
        "message": message.as_json(),
        "state": state_of(message.blocks, filled),
        "trigger_id": workspace.new_trigger(user.id),
        "response_url": url,
        "actions": [did],
    }


def on_view(workspace: Workspace, user: User, view: View, did: Json) -> Json:
    return _about("block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "view": _with_state(view),
        "trigger_id": workspace.new_trigger(user.id, view),
        "actions": [did],
    }


def _with_state(view: View) -> Json:
    return view.as_json() | {"state": state_of(view.blocks, view.values)}


def submitted(workspace: Workspace, user: User, view: View) -> Json:
    trigger = workspace.new_trigger(user.id, view)
    return _about("view_submission", user) | {"trigger_id": trigger, "view": _with_state(view), "response_urls": []}


def closed(user: User, view: View) -> Json:
    return _about("view_closed", user) | {"view": _with_state(view), "is_cleared": False}


def command(workspace: Workspace, user: User, channel: Channel, name: str, text: str, url: str) -> Json:
    where = {"channel_id": channel.id, "channel_name": "directmessage" if channel.is_im else channel.name}
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": "fake",
        **where,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": workspace.new_trigger(user.id),
    }


def event(workspace: Workspace, content: Json) -> Json:
    authorization = {"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "type": "event_callback",
        "event": content | {"event_ts": workspace.next_ts()},
        "event_id": f"Ev{workspace.number():06d}",
        "event_time": int(workspace.clock.now()),
        "authorizations": [authorization | {"enterprise_id": None}],
    }


def names_of(element: Json) -> set[str]:
    """By which a person or a test calls an element."""
    sides = [element[side] for side in ("positive_button", "negative_button") if side in element]
    return {str(element.get("action_id")), label(element), *(label(side) for side in sides)} - {""}
