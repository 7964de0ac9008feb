"""What an app says through a `response_url`."""

from __future__ import annotations

from .posting import content_of
from .things import Json, Message, SlackError
from .workspace import RESPONSE_USES, ResponseUrl, Workspace, number_blocks


def take_response(workspace: Workspace, key: str, given: Json) -> None:
    """For 30 minutes and five times; an answer is seen by who asked alone unless `response_type` is in_channel."""
    with workspace.lock:
        url = workspace.response_urls.get(key)
        if url is None or workspace.clock.now() > url.expires:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        _apply(workspace, url, given)


def _apply(workspace: Workspace, url: ResponseUrl, given: Json) -> None:
    channel = workspace.channels[url.channel]
    original = channel.find(url.message) if url.message else None
    if given.get("delete_original") and original is not None:
        channel.messages.remove(original)
        return
    content, _ = content_of(given)
    content["blocks"] = number_blocks(content["blocks"], workspace)
    if given.get("replace_original") and original is not None:
        _replace(workspace, original, content)
        return
    only_for = None if given.get("response_type") == "in_channel" else url.user
    workspace.store(channel, only_for=only_for, thread_ts=given.get("thread_ts"), **content)


def _replace(workspace: Workspace, original: Message, content: Json) -> None:
    original.text, original.blocks = content["text"], content["blocks"]
    original.edited = workspace.next_ts()
