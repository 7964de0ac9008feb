"""Which blocks are taken, beside what a published library thinks of them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import slackblocks
from slackblocks import _limits as published
from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE

from tests.fake_slack.blocks import MOST_BLOCKS, SURFACES, Surface, characters, problems_of, problems_of_view


def word(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "go", "text": word("Go")} | more


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def select(count: int = 2, **more: Any) -> dict[str, Any]:
    options = [{"text": word(f"{number}"), "value": f"{number}"} for number in range(count)]
    return {"type": "static_select", "action_id": "choose", "options": options} | more


def series(name: str, labels: list[str]) -> dict[str, Any]:
    return {"name": name, "data": [{"label": label, "value": 1} for label in labels]}


def chart(names: list[str], labels: list[str], **more: Any) -> dict[str, Any]:
    drawn = {"type": "bar", "series": [series(name, labels) for name in names], "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": "At risk", "chart": drawn | more}


def table(rows: int, cells: int, text: str = "x", kind: str = "data_table") -> dict[str, Any]:
    row = [{"type": "raw_text", "text": text}] * cells
    return {"type": kind, "rows": [row] * rows} | ({"caption": "All"} if kind == "data_table" else {})


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "useful",
            "positive_button": {"text": word("Useful"), "value": "yes"},
            "negative_button": {"text": word("Not useful"), "value": "no"},
        }
    ],
}
DIVIDER = {"type": "divider"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
WRITTEN = {"type": "plain_text_input", "action_id": "why"}
LABELLED = {"type": "input", "label": word("Why"), "element": WRITTEN}

GOOD = [
    [SECTION, DIVIDER, actions(button(), select()), FEEDBACK],
    [DIVIDER] * 50,
    [chart(["A"], ["L24H", "L48H"]), table(201, 2), {"type": "header", "text": word("x" * 150)}],
    [SECTION | {"accessory": button(style="danger", value="x" * 2000)}],
    [{"type": "context", "elements": [word("x")] * 10}],
    [{"type": "markdown", "text": "x" * 12_000}],
    [LABELLED],
]


@pytest.mark.parametrize("blocks", GOOD)
def test_taken(blocks: list[Any]) -> None:
    assert problems_of(blocks, "message") == []


BAD: dict[str, tuple[list[Any], str]] = {
    "too many": ([DIVIDER] * 51, "1 to 50 items"),
    "none": ([], "1 to 50 items"),
    "unknown type": ([{"type": "button"}], "unsupported type: button"),
    "unknown field": ([DIVIDER | {"colour": "red"}], "additional property: colour"),
    "alert outside modals": ([{"type": "alert", "text": word("x")}], "unsupported type: alert"),
    "section of nothing": ([{"type": "section"}], "text or fields"),
    "section too long": ([{"type": "section", "text": word("x" * 3001)}], "less than 3001"),
    "empty text": ([{"type": "section", "text": word("")}], "more than 0"),
    "field too long": ([{"type": "section", "fields": [word("x" * 2001)]}], "less than 2001"),
    "too many fields": ([{"type": "section", "fields": [word("x")] * 11}], "1 to 10 items"),
    "header too long": ([{"type": "header", "text": word("x" * 151)}], "less than 151"),
    "marks in a header": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
    "context too long": ([{"type": "context", "elements": [word("x")] * 11}], "1 to 10 items"),
    "too many buttons": ([actions(*(button(action_id=f"{n}") for n in range(26)))], "1 to 25 items"),
    "button text": ([actions(button(text=word("x" * 76)))], "less than 76"),
    "button value": ([actions(button(value="x" * 2001))], "less than 2001"),
    "button url": ([actions(button(url="x" * 3001))], "less than 3001"),
    "button style": ([actions(button(style="green"))], "primary, danger"),
    "long action_id": ([actions(button(action_id="x" * 256))], "less than 256"),
    "long block_id": ([DIVIDER | {"block_id": "x" * 256}], "less than 256"),
    "same action_id": ([actions(button()), actions(button())], "action_id 'go' already exists"),
    "same block_id": ([DIVIDER | {"block_id": "a"}, SECTION | {"block_id": "a"}], "block_id 'a' already exists"),
    "options": ([actions(select(101))], "1 to 100 items"),
    "no options": ([actions(select(0))], "1 to 100 items"),
    "initial option": ([actions(select(initial_option={"text": word("9"), "value": "9"}))], "not one of the options"),
    "options twice": ([actions(select(options=[{"text": word("1"), "value": "1"}] * 2))], "the same value"),
    "option text": ([actions(select(options=[{"text": word("x" * 76), "value": "1"}]))], "less than 76"),
    "option value": ([actions(select(options=[{"text": word("x"), "value": "x" * 151}]))], "less than 151"),
    "radio": ([actions(select(11, type="radio_buttons"))], "1 to 10 items"),
    "overflow": ([actions(select(6, type="overflow"))], "1 to 5 items"),
    "input in actions": ([actions(WRITTEN)], "unsupported type: plain_text_input"),
    "max_length": ([LABELLED | {"element": {"type": "plain_text_input", "max_length": 3001}}], "between 1 and 3000"),
    "three charts": ([chart(["A"], ["x"])] * 3, "at most 2"),
    "seven series": ([chart(list("ABCDEFG"), ["x"])], "1 to 6 items"),
    "chart labels": ([chart(["A"], ["x" * 21])], "less than 21"),
    "chart categories": ([chart(["A"], ["x"], axis_config={"categories": ["y"]})], "not the categories"),
    "chart title": ([chart(["A"], ["x"]) | {"title": "x" * 51}], "less than 51"),
    "data_table of a header": ([table(1, 1)], "2 to 201 items"),
    "data_table too long": ([table(202, 1)], "2 to 201 items"),
    "data_table too wide": ([table(2, 21)], "1 to 20 items"),
    "data_table too much": ([table(21, 10, "x" * 100)], "more than 20000"),
    "table too long": ([table(101, 1, kind="table")], "1 to 100 items"),
    "two tables": ([table(2, 1, kind="table")] * 2, "only_one_table_allowed"),
    "markdown together": ([{"type": "markdown", "text": "x" * 6001}] * 2, "more than 12000"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str) -> None:
    blocks, why = BAD[name]
    assert why in " ".join(problems_of(copy.deepcopy(blocks), "message"))


def test_what_may_stand_where() -> None:
    assert problems_of([FEEDBACK], "modal")
    assert problems_of([FEEDBACK], "home")
    assert problems_of([chart(["A"], ["x"])], "modal")
    assert problems_of([chart(["A"], ["x"]), table(2, 1)], "home") == []
    assert problems_of([DIVIDER] * 100, "modal") == problems_of([DIVIDER] * 100, "home") == []
    assert problems_of([DIVIDER] * 101, "modal")


def test_views_have_limits() -> None:
    view = {"type": "modal", "title": word("Outcome"), "submit": word("Save"), "blocks": [LABELLED]}
    assert problems_of_view(view, "modal") == []
    for wrong in (
        {"title": word("x" * 25)},
        {"submit": word("x" * 25)},
        {"close": word("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"type": "home"},
        {"blocks": [DIVIDER] * 101},
        {"colour": "red"},
    ):
        assert problems_of_view(view | wrong, "modal"), wrong
    assert problems_of_view({key: value for key, value in view.items() if key != "submit"}, "modal")
    assert problems_of_view({"type": "home", "blocks": [DIVIDER], "title": word("x")}, "home")


def test_all_blocks_together_have_a_size() -> None:
    assert characters([{"type": "section", "text": word("x" * 2900)}] * 5) > 13_200
    assert characters([table(100, 10, "x" * 10)]) < 13_200


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_the_published_library_knows_every_block_where_we_take_it(surface: Surface) -> None:
    assert set(SURFACES[surface]) <= set(_BLOCK_TYPES_BY_SURFACE[surface])


def test_our_limits_are_no_wider_than_the_published_library_says() -> None:
    """Each is tried just above what the library says, in `BAD`; here the figures themselves."""
    assert (MOST_BLOCKS["message"], MOST_BLOCKS["modal"]) == (published.MESSAGE_BLOCKS_MAX_ITEMS, 100)
    assert published.SECTION_TEXT_MAX_LENGTH == 3000
    assert published.SECTION_FIELDS_ITEM_MAX_LENGTH == 2000
    assert published.HEADER_TEXT_MAX_LENGTH == 150
    assert (published.BUTTON_TEXT_MAX_LENGTH, published.BUTTON_VALUE_MAX_LENGTH) == (75, 2000)
    assert (published.OPTION_TEXT_MAX_LENGTH, published.OPTION_VALUE_MAX_LENGTH) == (75, 150)
    assert (published.DATA_TABLE_ROWS_MAX_ITEMS, published.TABLE_ROWS_MAX_ITEMS) == (201, 100)
    assert published.MESSAGE_DATA_VISUALIZATIONS_MAX_ITEMS == 2
    assert published.DATA_VISUALIZATION_SERIES_MAX_ITEMS > 6, "Slack's pages say 6: ours stay there"


def test_what_the_published_library_builds_is_taken() -> None:
    built = [
        slackblocks.HeaderBlock("Acme"),
        slackblocks.SectionBlock("*Acme* stopped"),
        slackblocks.ActionsBlock([slackblocks.Button("Go", "go", value="1")]),
        slackblocks.DividerBlock(),
    ]
    assert problems_of([json.loads(repr(block)) for block in built], "message") == []
