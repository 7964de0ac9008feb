"""Which blocks may stand where, and what is wrong with those that may not. The limits: README.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

import slackblocks
from slackblocks.errors import InvalidUsageError

from . import charts
from .elements import (
    ACCESSORIES,
    ACTIONS,
    IN_CONTEXT,
    IN_CONTEXT_ACTIONS,
    IN_RICH_TEXT,
    INPUTS,
    text,
)
from .finding import interactive
from .rules import Problems, Rule, by_type, one_of, say, several, shape, truth, words
from .things import Json

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_CHARACTERS = 13_200
"""Of the blocks of a message as JSON, tables and charts aside: undocumented; from here on Slack was seen to refuse."""


def _section(value: Any, where: str, problems: Problems) -> None:
    fields = several(text(2000), 1, 10)
    rule = {"text": text(3000), "fields": fields, "accessory": by_type(ACCESSORIES), "expand": truth}
    shape({"block_id": words(255), **rule})(value, where, problems)
    if not {"text", "fields"} & set(value):
        say(problems, where, "needs text or fields")


def _block(fields: Mapping[str, Rule], *needed: str) -> Rule:
    return shape({"block_id": words(255), **fields}, *needed)


_INPUT = {
    "label": text(2000, plain=True),
    "element": by_type(INPUTS),
    "hint": text(2000, plain=True),
    "optional": truth,
    "dispatch_action": truth,
}
BLOCKS: Mapping[str, Rule] = {
    "section": _section,
    "header": _block({"text": text(150, plain=True)}, "text"),
    "divider": _block({}),
    "image": _block({"image_url": words(3000), "alt_text": words(2000), "title": text(2000, plain=True)}, "alt_text"),
    "context": _block({"elements": several(by_type(IN_CONTEXT), 1, 10)}, "elements"),
    "actions": _block({"elements": several(by_type(ACTIONS), 1, 25)}, "elements"),
    "context_actions": _block({"elements": several(by_type(IN_CONTEXT_ACTIONS), 1, 5)}, "elements"),
    "input": _block(_INPUT, "label", "element"),
    "markdown": _block({"text": words(12_000)}, "text"),
    "rich_text": _block({"elements": several(by_type(IN_RICH_TEXT), 1, 100)}, "elements"),
    "alert": _block({"text": text(200), "level": one_of("default", "info", "warning", "error", "success")}, "text"),
    "table": _block(charts.TABLE, "rows"),
    "data_table": _block(charts.DATA_TABLE, "caption", "rows"),
    "data_visualization": _block(charts.CHART, "title", "chart"),
}
_EVERYWHERE = ("section", "header", "divider", "image", "context", "actions", "input", "rich_text")
_ON: Mapping[Surface, tuple[str, ...]] = {
    "message": (*_EVERYWHERE, "context_actions", "markdown", "table", "data_table", "data_visualization"),
    "modal": (*_EVERYWHERE, "alert"),
    "home": (*_EVERYWHERE, "table", "data_table", "data_visualization"),
}
SURFACES: Mapping[Surface, Mapping[str, Rule]] = {
    surface: {kind: BLOCKS[kind] for kind in kinds} for surface, kinds in _ON.items()
}
_READ_BY_SLACKBLOCKS = {"header", "divider", "markdown"}


def problems_of(blocks: Any, surface: Surface) -> Problems:
    problems: Problems = []
    several(by_type(SURFACES[surface]), 1 if surface != "modal" else 0, MOST_BLOCKS[surface])(
        blocks, "/blocks", problems
    )
    if not problems:
        _check_together(blocks, problems)
        _check_with_slackblocks(blocks, problems)
    return problems


def _check_together(blocks: list[Json], problems: Problems) -> None:
    _check_unique("block_id", [str(block["block_id"]) for block in blocks if "block_id" in block], problems)
    actions = [str(element["action_id"]) for _, element in interactive(blocks) if "action_id" in element]
    _check_unique("action_id", actions, problems)
    kinds = Counter(str(block["type"]) for block in blocks)
    if kinds["data_visualization"] > 2:
        say(problems, "/blocks", "at most 2 data_visualization blocks")
    if kinds["table"] > 1:
        say(problems, "/blocks", "only_one_table_allowed")
    if sum(charts.characters(block) for block in blocks if block["type"] == "data_table") > 20_000:
        say(problems, "/blocks", "data_table blocks have more than 20000 characters")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > 12_000:
        say(problems, "/blocks", "markdown blocks have more than 12000 characters")


def _check_unique(what: str, ids: list[str], problems: Problems) -> None:
    for twice in (each for each, times in Counter(ids).items() if times > 1):
        say(problems, "/blocks", f"{what} '{twice}' already exists")


def _check_with_slackblocks(blocks: list[Json], problems: Problems) -> None:
    """A published library's opinion, of the blocks it can read: sections of text alone, and those named above."""
    for number, block in enumerate(blocks):
        if block["type"] in _READ_BY_SLACKBLOCKS or (block["type"] == "section" and "accessory" not in block):
            try:
                slackblocks.Block.from_dict(block)
            except InvalidUsageError as refused:
                say(problems, f"/blocks/{number}", f"slackblocks: {refused}")


def characters(blocks: list[Json]) -> int:
    counted = [block for block in blocks if block["type"] not in {"table", "data_table", "data_visualization"}]
    return len(json.dumps(counted, ensure_ascii=False, separators=(",", ":")))


_TITLE = text(24, plain=True)
_VIEW: Mapping[str, Rule] = {
    "blocks": lambda value, where, problems: None,
    "private_metadata": words(3000, 0),
    "callback_id": words(255, 0),
    "external_id": words(255, 0),
}
_MODAL = shape(
    {
        **_VIEW,
        "title": _TITLE,
        "submit": _TITLE,
        "close": _TITLE,
        "clear_on_close": truth,
        "notify_on_close": truth,
        "submit_disabled": truth,
    },
    "title",
    "blocks",
)


def problems_of_view(view: Any, surface: Surface) -> Problems:
    problems: Problems = []
    by_type({surface: _MODAL if surface == "modal" else shape(_VIEW, "blocks")})(view, "/view", problems)
    if problems:
        return problems
    problems += problems_of(view["blocks"], surface)
    inputs = any(block.get("type") == "input" for block in view["blocks"] if isinstance(block, dict))
    if surface == "modal" and inputs and "submit" not in view:
        say(problems, "/view", "a modal with an input block needs submit")
    return problems
