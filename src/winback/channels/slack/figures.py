"""A digest as Slack shows it: a chart and a table, with a line of text that says the same to who sees neither."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.channels.slack import blocks
from winback.channels.slack.blocks import Block

if TYPE_CHECKING:
    from winback.messages.content import Content, Figures

# More, and a chart may be refused.
_MOST_BARS = 6
_MOST_ROWS = 100
_MOST_LABEL = 20
_MOST_TITLE = 50
_MOST_CELL = 200


def lay_out_figures(content: Content, figures: Figures) -> Iterator[Block]:
    yield blocks.header(content.title)
    if content.ask:
        yield blocks.section(content.ask)
    yield from chart_and_table(figures)


def chart_and_table(figures: Figures) -> Iterator[Block]:
    if any(value for _, value in figures.bars):
        yield _chart(figures)
    yield _table(figures.rows)


def data_table(caption: str, rows: tuple[tuple[str, ...], ...]) -> Block:
    """To be paged through; of the other kind a view or message takes one alone."""
    return {"type": "data_table", "caption": blocks.cut(caption, _MOST_CELL), "page_size": 10, "rows": _cells(rows)}


def _chart(figures: Figures) -> Block:
    points = [{"label": blocks.cut(label, _MOST_LABEL), "value": value} for label, value in figures.bars[:_MOST_BARS]]
    title = blocks.cut(figures.chart, _MOST_TITLE)
    chart = {
        "type": "bar",
        "series": [{"name": blocks.cut(figures.series, _MOST_LABEL), "data": points}],
        "axis_config": {"categories": [point["label"] for point in points]},
    }
    return {"type": "data_visualization", "title": title, "chart": chart}


def _table(rows: tuple[tuple[str, ...], ...]) -> Block:
    """The first column is text, the others are numbers."""
    numbers: list[Block] = [{"align": "right"} for _ in rows[0][1:]]
    return {"type": "table", "rows": _cells(rows), "column_settings": [{"align": "left"}, *numbers]}


def _cells(rows: tuple[tuple[str, ...], ...]) -> list[list[Block]]:
    return [[{"type": "raw_text", "text": blocks.cut(cell, _MOST_CELL)} for cell in row] for row in rows[:_MOST_ROWS]]
