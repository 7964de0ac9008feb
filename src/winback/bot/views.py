"""Forms and what stands in their place: before one is filled, and after it is answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block
from winback.messages.wording import say

if TYPE_CHECKING:
    from winback.settings import Settings

View = dict[str, Any]
_MOST_TITLE = 24


def modal(title: str, shown: list[Block], settings: Settings) -> View:
    """To be read, and closed."""
    return {
        "type": "modal",
        "title": blocks.plain(title, _MOST_TITLE),
        "close": blocks.plain(say(settings, "form.close"), _MOST_TITLE),
        "blocks": shown,
    }


def form(title: str, shown: list[Block], callback: str, about: dict[str, Any], settings: Settings) -> View:
    """To be filled in; `about` comes back with it."""
    view = modal(title, shown, settings)
    view["submit"] = blocks.plain(say(settings, "form.save"), _MOST_TITLE)
    view["close"] = blocks.plain(say(settings, "form.cancel"), _MOST_TITLE)
    return view | {"callback_id": callback, "private_metadata": json.dumps(about)}


def telling(title: str, text: str, settings: Settings) -> View:
    return modal(title, [blocks.section(text)], settings)


def waiting(title: str, settings: Settings) -> View:
    return telling(title, say(settings, "bot.waiting"), settings)


def about_of(view: dict[str, Any]) -> dict[str, Any]:
    """What was put into a form or the Home tab."""
    written = view.get("private_metadata")
    return dict(json.loads(written)) if written else {}
