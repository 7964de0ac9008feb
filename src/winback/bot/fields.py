"""The fields of forms, and what was filled into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block

_MOST_LABEL = 2_000
_MOST_OPTION = 75
_MOST_TEXT = 3_000


def field(name: str, label: str, element: Block, optional: bool = False, acts: bool = False) -> Block:
    """`acts`: what is chosen is told at once."""
    return {
        "type": "input",
        "block_id": name,
        "label": blocks.plain(label, _MOST_LABEL),
        "element": element | {"action_id": name},
        "optional": optional,
        "dispatch_action": acts,
    }


def text_field(name: str, label: str, optional: bool = False) -> Block:
    return field(name, label, {"type": "plain_text_input", "multiline": True, "max_length": _MOST_TEXT}, optional)


def choice(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str | None = None, **more: bool) -> Block:
    """A few, all to be seen. `options`: value and label."""
    listed = [_option(*each) for each in options]
    first = [each for each in listed if each["value"] == chosen]
    return field(
        name,
        label,
        {"type": "radio_buttons", "options": listed, **({"initial_option": first[0]} if first else {})},
        **more,
    )


def selection(name: str, label: str, options: Iterable[tuple[str, str]]) -> Block:
    return field(name, label, {"type": "static_select", "options": [_option(*each) for each in options]})


def _option(value: str, label: str) -> Block:
    return {"text": blocks.plain(label, _MOST_OPTION), "value": value}


def filled(view: dict[str, Any], name: str) -> str | None:
    """What was filled in or chosen; None where nothing was."""
    element = view["state"]["values"].get(name, {}).get(name) or {}
    option = element.get("selected_option") or {}
    value = element.get("value") or option.get("value") or element.get("selected_date") or element.get("selected_user")
    return str(value).strip() or None if value else None
