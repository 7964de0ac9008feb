"""JSON: an object a line, an array of objects, or (of a workbook) an array of cells a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import ReportRefused
from winback.report.engine.duckdb import DuckDB
from winback.report.reading.opened import LONGEST_ROW, MONEY, OpenedReport
from winback.report.reading.typed import spelled_out, with_decimal_sign
from winback.report.recognise import refuse_many_columns
from winback.report.statements import literal

if TYPE_CHECKING:
    from winback.settings import Product


def open_json(engine: DuckDB, path: Path, form: str, name: str, product: Product) -> OpenedReport:
    """`form`: ndjson or json; `name`: of the report, for a person."""
    rows = _read(path, "newline_delimited" if form == "ndjson" else "array")
    if engine.execute(f"select 1 from {rows} where json_type(json) <> 'OBJECT' limit 1").fetchone():
        expected = "one JSON object a line" if form == "ndjson" else "an array of JSON objects"
        raise ReportRefused(f"{name}: expected {expected}, found something else among them")
    distinct = f"select list(distinct key order by key) from (select unnest(json_keys(json)) as key from {rows})"
    keys = engine.execute(distinct).fetchone()
    header: list[str] = (keys and keys[0]) or []
    refuse_many_columns(name, len(header))
    pointers = ["/" + key.replace("~", "~0").replace("/", "~1") for key in header]
    return OpenedReport(rows, header, _text_of(pointers, product), product, 0 if form == "ndjson" else None)


def open_cells(path: Path, header: list[str], above: int, product: Product) -> OpenedReport:
    """Lines of arrays; `above`: the rows of the sheet above the first one."""
    rows = _read(path, "newline_delimited")
    pointers = [f"/{place}" for place in range(len(header))]
    return OpenedReport(rows, header, _text_of(pointers, product), product, above)


def _read(path: Path, kind: str) -> str:
    options = f"format = '{kind}', maximum_object_size = {LONGEST_ROW}, hive_partitioning = false"
    return f"read_json_objects({literal(str(path))}, {options})"


def _text_of(pointers: list[str], product: Product) -> Callable[[int, str], str]:
    def text_of(place: int, ours: str) -> str:
        pointer = literal(pointers[place])
        text = f"json_extract_string(json, {pointer})"
        if ours == "uid":
            whole = f"regexp_replace({text}, '[.]0+$', '')"
            return f"case when json_type(json, {pointer}) = 'DOUBLE' then {whole} else {text} end"
        if ours in MONEY:
            number = f"case when {text} like '%e%' or {text} like '%E%' then {spelled_out(text)} else {text} end"
            in_words = f"json_type(json, {pointer}) = 'VARCHAR'"
            return f"case when {in_words} then {text} else {with_decimal_sign(number, product)} end"
        return text

    return text_of
