"""The elements that stand in blocks, with their limits (the reference of Slack's Block Kit: README.md says where)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .rules import Problems, Rule, anything, by_type, number, one_of, say, several, shape, truth, words

ACTION_ID = words(255)
WEB = words(3000)


def text(most: int, *, plain: bool = False) -> Rule:
    """A text object."""
    plain_text = shape({"text": words(most), "emoji": truth}, "text")
    marked = shape({"text": words(most), "verbatim": truth}, "text")
    return by_type({"plain_text": plain_text} if plain else {"plain_text": plain_text, "mrkdwn": marked})


def _date(value: Any, where: str, problems: Problems) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        say(problems, where, "must be a date: YYYY-MM-DD")


def _time(value: Any, where: str, problems: Problems) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        say(problems, where, "must be a time: HH:mm")


CONFIRM = shape(
    {
        "title": text(100, plain=True),
        "text": text(300),
        "confirm": text(30, plain=True),
        "deny": text(30, plain=True),
        "style": one_of("primary", "danger"),
    },
    *("title", "text", "confirm", "deny"),
)
_OPTION = {"value": words(150), "description": text(75)}
OPTION = shape({"text": text(75, plain=True), **_OPTION}, "text", "value")
MARKED_OPTION = shape({"text": text(75), **_OPTION}, "text", "value")
LINKED_OPTION = shape({"text": text(75, plain=True), "url": WEB, **_OPTION}, "text", "value")
GROUP = shape({"label": text(75, plain=True), "options": several(OPTION, 1, 100)}, "label", "options")
FEEDBACK = shape(
    {"text": text(75, plain=True), "value": words(2000), "accessibility_label": words(75)}, "text", "value"
)
_PLACE = {"placeholder": text(150, plain=True), "focus_on_load": truth}
_MENU = {"action_id": ACTION_ID, "confirm": CONFIRM, **_PLACE}
_SELECT = {"options": several(OPTION, 1, 100), "option_groups": several(GROUP, 1, 100), **_MENU}
_BOXES = {"action_id": ACTION_ID, "options": several(MARKED_OPTION, 1, 10), "confirm": CONFIRM, "focus_on_load": truth}
_WRITTEN = {"action_id": ACTION_ID, "initial_value": words(3000, 0), "dispatch_action_config": anything, **_PLACE}
_LENGTHS = {"min_length": number(0, 3000, whole=True), "max_length": number(1, 3000, whole=True)}


def _within_options(rule: Rule) -> Rule:
    """What is chosen at first must be among what there is to choose, and `options` or `option_groups`, not both."""

    def check(value: Any, where: str, problems: Problems) -> None:
        before = len(problems)
        rule(value, where, problems)
        if len(problems) > before:
            return
        if ("options" in value) == ("option_groups" in value):
            say(problems, where, "needs options or option_groups, one of them")
            return
        groups = value.get("option_groups") or [{"options": value["options"]}]
        there = [option["value"] for group in groups for option in group["options"]]
        first = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
        if len(set(there)) < len(there):
            say(problems, where, "two options have the same value")
        if any(option.get("value") not in there for option in first):
            say(problems, where, "initial option is not one of the options")

    return check


def _number_input(value: Any, where: str, problems: Problems) -> None:
    shape(
        {"is_decimal_allowed": truth, "min_value": words(30), "max_value": words(30), **_WRITTEN}, "is_decimal_allowed"
    )(value, where, problems)


BUTTON = shape(
    {
        "text": text(75, plain=True),
        "action_id": ACTION_ID,
        "url": WEB,
        "value": words(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": words(75),
    },
    "text",
)
OVERFLOW = shape({"action_id": ACTION_ID, "options": several(LINKED_OPTION, 1, 5), "confirm": CONFIRM}, "options")
IMAGE = shape({"image_url": WEB, "alt_text": words(2000)}, "image_url", "alt_text")
MENUS: Mapping[str, Rule] = {
    "static_select": _within_options(shape({"initial_option": OPTION, **_SELECT})),
    "multi_static_select": _within_options(
        shape(
            {"initial_options": several(OPTION, 1, 100), "max_selected_items": number(1, whole=True), **_SELECT},
        )
    ),
    "external_select": shape({"initial_option": OPTION, "min_query_length": number(0, whole=True), **_MENU}),
    "users_select": shape({"initial_user": words(20), **_MENU}),
    "multi_users_select": shape({"initial_users": several(words(20), 1, 100), **_MENU}),
    "radio_buttons": _within_options(shape({"initial_option": MARKED_OPTION, **_BOXES}, "options")),
    "checkboxes": _within_options(shape({"initial_options": several(MARKED_OPTION, 1, 10), **_BOXES}, "options")),
    "datepicker": shape({"initial_date": _date, **_MENU}),
    "timepicker": shape({"initial_time": _time, "timezone": words(100), **_MENU}),
}
INPUTS: Mapping[str, Rule] = {
    **MENUS,
    "plain_text_input": shape({"multiline": truth, **_LENGTHS, **_WRITTEN}),
    "number_input": _number_input,
    "email_text_input": shape(_WRITTEN),
    "url_text_input": shape(_WRITTEN),
}
BUTTONS: Mapping[str, Rule] = {"button": BUTTON, "overflow": OVERFLOW}
ACCESSORIES: Mapping[str, Rule] = {**MENUS, **BUTTONS, "image": IMAGE}
ACTIONS: Mapping[str, Rule] = {**MENUS, **BUTTONS}
IN_CONTEXT: Mapping[str, Rule] = {"image": IMAGE, "mrkdwn": text(3000), "plain_text": text(3000)}
_STYLE = shape({"bold": truth, "italic": truth, "strike": truth, "code": truth})
_PIECES: Mapping[str, Rule] = {
    "text": shape({"text": words(3000), "style": _STYLE}, "text"),
    "link": shape({"url": WEB, "text": words(3000), "unsafe": truth, "style": _STYLE}, "url"),
    "emoji": shape({"name": words(100)}, "name"),
    "user": shape({"user_id": words(20), "style": _STYLE}, "user_id"),
}
IN_RICH_TEXT: Mapping[str, Rule] = {
    "rich_text_section": shape({"elements": several(by_type(_PIECES), 1, 500)}, "elements")
}
"""Of lists, quotations and code nothing is known here."""
IN_CONTEXT_ACTIONS: Mapping[str, Rule] = {
    "feedback_buttons": shape(
        {"action_id": ACTION_ID, "positive_button": FEEDBACK, "negative_button": FEEDBACK},
        *("positive_button", "negative_button"),
    )
}
