"""What a person can choose and write in a form, and how Slack sends it on (`state.values`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from .finding import interactive, options
from .things import Json

WRITTEN = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
ONE_OPTION = frozenset({"static_select", "radio_buttons", "external_select"})
MANY_OPTIONS = frozenset({"multi_static_select", "checkboxes"})
_ANSWER = {
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    **{kind: ("value", "initial_value") for kind in WRITTEN},
    **{kind: ("selected_option", "initial_option") for kind in ONE_OPTION},
    **{kind: ("selected_options", "initial_options") for kind in MANY_OPTIONS},
}
_EMPTY: tuple[object, ...] = (None, "", [])


class CannotBeDone(AssertionError):
    """What Slack does not let a person do."""


def has_value(element: Json) -> bool:
    return element["type"] in _ANSWER


def fill(element: Json, value: Any) -> Json:
    """The element's state with this in it: text, a date, an option by its value or its words, ids of people."""
    kind = str(element["type"])
    if kind in WRITTEN:
        value = _check_written(element, value)
    elif kind in ONE_OPTION:
        value = None if value is None else _option(element, value)
    elif kind in MANY_OPTIONS:
        value = [_option(element, each) for each in value]
    elif kind in {"datepicker", "timepicker"} and value is not None:
        value = (date if kind == "datepicker" else time).fromisoformat(str(value)).isoformat()
        value = value if kind == "datepicker" else value[:5]
    return {"type": kind, _ANSWER[kind][0]: value}


def start(element: Json) -> Json:
    """Its state before anybody touches it."""
    answer, initial = _ANSWER[str(element["type"])]
    nothing: Any = [] if answer in {"selected_options", "selected_users"} else None
    return {"type": element["type"], answer: element.get(initial, nothing)}


def state_of(blocks: list[Json], filled: Mapping[str, Json]) -> Json:
    values: dict[str, Json] = {}
    for block, element in interactive(blocks):
        if has_value(element):
            action = element["action_id"]
            values.setdefault(block["block_id"], {})[action] = filled.get(action) or start(element)
    return {"values": values}


def check_complete(blocks: list[Json], filled: Mapping[str, Json]) -> None:
    """No input that must be filled in may be empty."""
    for block, element in interactive(blocks):
        if block["type"] != "input" or block.get("optional"):
            continue
        state = filled.get(element["action_id"]) or start(element)
        if state[_ANSWER[str(element["type"])][0]] in _EMPTY:
            raise CannotBeDone(f"“{block['label']['text']}” must be filled in")


def _option(element: Json, wanted: Any) -> Json:
    for option in options(element):
        if wanted in (option["value"], option["text"]["text"]):
            return option
    there = ", ".join(option["text"]["text"] for option in options(element))
    raise CannotBeDone(f"{wanted!r} cannot be chosen, only: {there}")


def _check_written(element: Json, value: Any) -> str | None:
    if value in (None, ""):
        return None
    written = str(value)
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if not least <= len(written) <= most:
        raise CannotBeDone(f"{len(written)} characters where {least} to {most} can be written")
    if "\n" in written and not element.get("multiline"):
        raise CannotBeDone("there is one line to write in")
    if element["type"] == "number_input":
        _check_number(element, written)
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", written):
        raise CannotBeDone(f"{written} is not an e-mail address")
    return written


def _check_number(element: Json, written: str) -> None:
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise CannotBeDone(f"{written} is not a number") from None
    if number != int(number) and not element["is_decimal_allowed"]:
        raise CannotBeDone(f"{written} is not a whole number")
    if "min_value" in element and number < Decimal(element["min_value"]):
        raise CannotBeDone(f"{written} is less than {element['min_value']}")
    if "max_value" in element and number > Decimal(element["max_value"]):
        raise CannotBeDone(f"{written} is more than {element['max_value']}")
