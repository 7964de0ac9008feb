"""The blocks that show figures: `data_visualization`, `data_table`, `table`."""

from __future__ import annotations

from typing import Any

from .rules import Problems, Rule, by_type, number, one_of, say, several, shape, truth, words

LABEL, AXIS = words(20), words(50)
_POINT = shape({"label": LABEL, "value": number()}, "label", "value")
_SERIES = shape({"name": LABEL, "data": several(_POINT, 1, 20)}, "name", "data")
_AXES = shape({"categories": several(LABEL, 1, 20), "x_label": AXIS, "y_label": AXIS}, "categories")
_WITH_AXES = shape({"series": several(_SERIES, 1, 6), "axis_config": _AXES}, "series", "axis_config")
_SEGMENT = shape({"label": LABEL, "value": number(0, above=True)}, "label", "value")
_PIE = shape({"segments": several(_SEGMENT, 1, 6)}, "segments")


def _chart(value: Any, where: str, problems: Problems) -> None:
    before = len(problems)
    by_type({"pie": _PIE, "bar": _WITH_AXES, "area": _WITH_AXES, "line": _WITH_AXES})(value, where, problems)
    if len(problems) > before or "series" not in value:
        return
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        say(problems, where, "two series have the same name")
    for series in value["series"]:
        if [point["label"] for point in series["data"]] != value["axis_config"]["categories"]:
            say(problems, where, f"the labels of series {series['name']} are not the categories")


CHART = {"title": words(50), "chart": _chart}

_RAW = shape({"text": words(3000)}, "text")
_RAW_NUMBER = shape({"value": number(), "text": words(3000)}, "value")
_CELL = by_type({"raw_text": _RAW, "raw_number": _RAW_NUMBER})
_COLUMN = shape({"align": one_of("left", "center", "right"), "is_wrapped": truth})


def _rows(least: int, most: int) -> Rule:
    def check(value: Any, where: str, problems: Problems) -> None:
        several(several(_CELL, 1, 20), least, most)(value, where, problems)
        widths = {len(row) for row in value if isinstance(row, list)} if isinstance(value, list) else set()
        if len(widths) > 1:
            say(problems, where, "the rows have different numbers of cells")

    return check


TABLE = {"rows": _rows(1, 100), "column_settings": several(_COLUMN, 1, 20)}
DATA_TABLE = {
    "caption": words(255),
    "page_size": number(1, 100, whole=True),
    "row_header_column_index": number(0, 19, whole=True),
    "rows": _rows(2, 201),
}


def characters(block: dict[str, Any]) -> int:
    """Of the cells of a data_table."""
    return sum(len(str(cell.get("text", cell.get("value", "")))) for row in block["rows"] for cell in row)
