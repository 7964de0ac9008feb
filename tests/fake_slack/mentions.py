"""Whom a message pings, and where it leads: for showing that what a report says does neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .things import Json, Message

_MARK = re.compile(r"<([^<>]*)>")
_EVERYBODY = {"channel", "here", "everyone"}
_BARE = re.compile(r"(?<![\w<])@([\w.-]+)")


def pinged_by(message: Message) -> set[str]:
    """Ids of people and groups, and `channel`, `here`, `everyone`. What is escaped or plain text pings nobody."""
    found = {name for text in marked_texts(message) for name in _pinged(text)}
    if message.links_names:
        found |= {name for text in marked_texts(message) for name in _BARE.findall(text)}
    return found


def links_in(message: Message) -> set[str]:
    """Addresses that words of the message lead to."""
    marks = {mark for text in marked_texts(message) for mark in _MARK.findall(text)}
    return {mark.partition("|")[0] for mark in marks if not mark.startswith(("@", "#", "!"))}


def _pinged(text: str) -> Iterator[str]:
    for mark in _MARK.findall(text):
        name = mark.partition("|")[0]
        if name.startswith("@"):
            yield name[1:]
        elif name.startswith("!subteam^"):
            yield name.removeprefix("!subteam^")
        elif name.removeprefix("!") in _EVERYBODY and name.startswith("!"):
            yield name[1:]


def marked_texts(message: Message) -> list[str]:
    """The text beside the blocks counts, whether or not it is shown."""
    return [message.text, *_marked(message.blocks)]


def _marked(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _marked(each)
    elif isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "markdown"} and isinstance(value.get("text"), str):
            yield value["text"]
        yield from _marked(_inside(value))


def _inside(value: Json) -> list[Any]:
    return [each for each in value.values() if isinstance(each, dict | list)]
