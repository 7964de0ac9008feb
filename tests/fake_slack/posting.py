"""chat.*: what may be posted, where, and by whom changed."""

from __future__ import annotations

import json
from typing import Any

from . import blocks
from .methods import T3, argument, by_id, is_true, method
from .things import BOT_USER, Channel, Json, Message, SlackError
from .workspace import Workspace, number_blocks

MOST_TEXT, MOST_UPDATED_TEXT, MOST_METADATA = 40_000, 4_000, 16_000
"""The size of metadata that Slack takes is not known: this stands for "some bound"."""


@method("chat.postMessage", scope="chat:write", per_minute=None)
def chat_post_message(workspace: Workspace, arguments: Json) -> Json:
    channel = _place(workspace, argument(arguments, "channel", "channel_not_found"), arguments)
    content, warnings = content_of(arguments)
    content["blocks"] = number_blocks(content["blocks"], workspace)
    thread = _thread(channel, arguments)
    broadcast = thread is not None and is_true(arguments, "reply_broadcast")
    linked = is_true(arguments, "link_names") or arguments.get("parse") == "full"
    message = workspace.store(channel, thread_ts=thread, broadcast=broadcast, links_names=linked, **content)
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": message.as_json()}
    return answer | ({"response_metadata": {"warnings": warnings}} if warnings else {})


def _place(workspace: Workspace, wanted: str, arguments: Json) -> Channel:
    if wanted.startswith(("U", "W")):
        return _to_person(workspace, wanted, arguments)
    channel = workspace.channel(wanted)
    if channel.is_archived:
        raise SlackError("is_archived")
    if not channel.is_member and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
    if channel.is_im and not workspace.users[channel.user].messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def _to_person(workspace: Workspace, wanted: str, arguments: Json) -> Channel:
    """Somebody deactivated is written to without a word of it."""
    user = workspace.users.get(wanted)
    if user is None or not user.visible:
        raise SlackError("channel_not_found")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if not user.messages_tab:
        raise SlackError("messages_tab_disabled")
    dressed_up = any(name == "username" or name.startswith("icon_") for name in arguments)
    return workspace.open_direct("USLACKBOT" if dressed_up else wanted)


def content_of(arguments: Json) -> tuple[Json, list[str]]:
    """Text, blocks and metadata as they are stored, or what Slack says against them."""
    text, given = arguments.get("text"), arguments.get("blocks")
    if not isinstance(text, str) or not text.strip():
        raise SlackError("no_text")
    checked = check_blocks(given)
    warnings = ["message_truncated"] if len(text) > MOST_TEXT else []
    return {"text": text[:MOST_TEXT], "blocks": checked, "metadata": _metadata(arguments.get("metadata"))}, warnings


def check_blocks(given: Any) -> list[Json]:
    if not given:
        return []
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format")
    problems = blocks.problems_of(given, "message")
    if problems:
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    if blocks.characters(given) > blocks.MOST_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return given


def _metadata(given: Any) -> Json | None:
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not isinstance(given["event_payload"], dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(given)) > MOST_METADATA:
        raise SlackError("metadata_too_large")
    return given


def _thread(channel: Channel, arguments: Json) -> str | None:
    wanted = arguments.get("thread_ts")
    if not wanted:
        return None
    parent = channel.find(str(wanted))
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message")
    return parent.ts


def _own(workspace: Workspace, arguments: Json, error: str) -> Message:
    channel = workspace.channel(by_id(arguments))
    message = channel.find(argument(arguments, "ts", "message_not_found"))
    if message is None or message.only_for is not None:
        raise SlackError("message_not_found")
    if message.user != BOT_USER:
        raise SlackError(error)
    return message


@method("chat.update", scope="chat:write", per_minute=T3)
def chat_update(workspace: Workspace, arguments: Json) -> Json:
    message = _own(workspace, arguments, "cant_update_message")
    if len(str(arguments.get("text") or "")) > MOST_UPDATED_TEXT:
        raise SlackError("msg_too_long")
    content, _ = content_of(arguments)
    message.text, message.blocks = content["text"], number_blocks(content["blocks"], workspace)
    if content["metadata"] is not None:
        message.metadata = content["metadata"]
    message.edited = workspace.next_ts()
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.as_json()}


@method("chat.delete", scope="chat:write", per_minute=T3)
def chat_delete(workspace: Workspace, arguments: Json) -> Json:
    message = _own(workspace, arguments, "cant_delete_message")
    workspace.channels[message.channel].messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.postEphemeral", scope="chat:write", per_minute=None)
def chat_post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    channel = _place(workspace, argument(arguments, "channel", "channel_not_found"), arguments)
    user = argument(arguments, "user", "user_not_in_channel")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content, _ = content_of(arguments)
    content["blocks"] = number_blocks(content["blocks"], workspace)
    return {"message_ts": workspace.store(channel, only_for=user, **content).ts}
