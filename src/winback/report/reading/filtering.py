"""`filter`: a condition in SQL on the report's own columns, so that one report can feed several products."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb

from winback.errors import SettingsError
from winback.report.engine.duckdb import DuckDB, first_line
from winback.report.mapping import BLANKS
from winback.report.reading.opened import OpenedReport
from winback.report.statements import identifier, literal


def filtered(engine: DuckDB, opened: OpenedReport) -> OpenedReport:
    """The rows that fit the condition, which sees every cell as text, in every form of report. Lines are not known any
    more. Raises SettingsError where it is no condition on columns of the report."""
    condition = opened.product.filter
    if condition is None:
        return opened
    _refuse_other_sql(engine, condition, opened)
    row, cells = _free_name(opened.header), _cells(opened)
    inner = f"select {row} as {row}, {cells} from {opened.rows} as {row}"
    # The line break ends a comment that the condition may end with.
    rows = f"(select {row}.* from ({inner}) where cast(({condition}\n) as boolean))"
    try:
        engine.columns_of(f"select * from {rows}")
    except (
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.ParserException,
        duckdb.PermissionException,
    ) as error:
        raise _refusal(f"{first_line(error)} (its cells are text)", opened) from error
    return replace(opened, rows=rows, above=None, text=None)


def _refuse_other_sql(engine: DuckDB, condition: str, opened: OpenedReport) -> None:
    """One condition and nothing around it; no query within, which could read what is not this report."""
    tree, plain = _parsed(engine, condition, opened), _parsed(engine, "true", opened)
    found = tree[0]["node"].pop("where_clause", None)
    plain[0]["node"].pop("where_clause")
    if found is None or tree != plain:
        raise _refusal("expected one condition", opened)
    if any(node.get("class") == "SUBQUERY" for node in _nodes(found)):
        raise _refusal("a query within a condition is not allowed", opened)


def _parsed(engine: DuckDB, condition: str, opened: OpenedReport) -> Any:
    sql = literal(f"select 1 where ({condition}\n)")
    found = engine.execute(f"select json_serialize_sql({sql})").fetchone()
    tree = json.loads(found[0]) if found else {}
    if tree.get("error", True):
        raise _refusal(f"it is no condition in SQL: {tree.get('error_message')}", opened)
    return tree["statements"]


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)


def _free_name(header: list[str]) -> str:
    """A name for the row as it is that no column has."""
    taken, name = {column.strip(BLANKS).casefold() for column in header}, "row_as_it_is"
    while name in taken:
        name += "_"
    return name


def _cells(opened: OpenedReport) -> str:
    """Every column under the name it has in the report; of several of one name, the first."""
    named: dict[str, tuple[str, int]] = {}
    for place, raw in enumerate(opened.header):
        name = raw.strip(BLANKS)
        if name:
            named.setdefault(name.casefold(), (name, place))
    return ", ".join(f"{opened.text_of(place, '')} as {identifier(name)}" for name, place in named.values())


def _refusal(what: str, opened: OpenedReport) -> SettingsError:
    columns = ", ".join(name.strip(BLANKS) or "(blank)" for name in opened.header)
    return SettingsError(f"{opened.product.key}.filter: {_in_a_line(what)}; the report has: {columns}")


def _in_a_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".!;")
