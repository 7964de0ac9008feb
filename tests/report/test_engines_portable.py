"""The statements hold only what is known to mean the same on both engines. Translation goes wrong in silence: seen were
`trim(x, e'\\u00a0')`, which strips the letters u00a0 on Spark; `list(x order by y)`, which loses its order;
`* exclude … qualify`, which doubles a column; `try_strptime`, which passes untranslated.

Whoever needs more adds it here, once tests/report/test_engines.py shows that it means the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import resources

import pytest

from winback.report.clean import FALSES, TRUES, amount_of, moment_of, trimmed
from winback.report.mapping import MAPPED
from winback.report.statements import Sql, statement

sqlglot = pytest.importorskip("sqlglot", reason="the extra spark is not installed")
from sqlglot import exp  # noqa: E402

# What only `winback init --from` asks, of DuckDB.
OF_DISCOVERY = {"profile", "uniqueness", "values"}
# What only the pages ask, of DuckDB, whichever engine wrote the history.
OF_PAGES = {"of_history", "lowered"}
# Not statements but expressions in one.
EXPRESSIONS = {"amount", "moment", "row_hash", "spelled", "trimmed"}
# Of what SQLGlot reads a statement to be made.
ALLOWED = {
    "Add", "Alias", "And", "Anonymous", "Between", "BitwiseRightShift", "Boolean", "CTE", "Case", "Cast",
    "Coalesce", "Column", "Count", "DPipe", "DataType", "DataTypeParam", "Distinct", "EQ", "Exists", "Filter",
    "From", "GT", "GTE", "Group", "Having", "Identifier", "If", "In", "Is", "Join", "LT", "LTE", "Length",
    "Limit", "Literal", "Lower", "Max", "Min", "Mul", "NEQ", "Neg", "Not", "Null", "NullSafeNEQ", "Nullif", "Or",
    "Order", "Ordered", "Paren", "RegexpLike", "RegexpReplace", "Replace", "RowNumber", "Select", "Star",
    "Subquery", "Substring", "Sum", "Table", "TableAlias", "Translate", "Trim", "TryCast", "Union", "Where",
    "Window", "With",
}  # fmt: skip
# Functions that each engine has in its own way: report/engine/duckdb.py and report/engine/translate.py.
NAMED = {"hash", "instant_micros", "local_micros"}
TYPES = {"VARCHAR", "BIGINT", "INT", "BOOLEAN", "DECIMAL(18, 4)", "DECIMAL(38, 4)", "DECIMAL(38, 0)"}


def filled() -> dict[str, object]:
    """A value for every placeholder."""
    return {
        **{f"trimmed_{name}": trimmed(name) for name in (*MAPPED, "whole_row")},
        "spelled_changed_at": Sql(statement("spelled", cell=trimmed("changed_at"))),
        "gmv": Sql(amount_of(Sql("gmv"), ".")),
        "revenue": Sql(amount_of(Sql("revenue"), ",")),
        "changed_at": Sql(moment_of(Sql("changed_at"), dt.time(0), "Europe/Madrid")),
        "after_ascii": "\x7f",
        "trues": TRUES,
        "falses": FALSES,
        "flags": (*TRUES, *FALSES),
        "needs_flag": True,
        "listed_flag": Sql("null"),
        "unlisted_meant": Sql("cast(null as boolean)"),
        "absence_means": Sql("cast(null as boolean)"),
        "row_hash": Sql(statement("row_hash")),
        "which": Sql("kind = 'churn'"),
        "moved_to": Sql(statement("moved_to")),
        "report": Sql("select * from report"),
        "cleaned": Sql("select * from cleaned"),
        "beside": Sql("select * from beside"),
        "rows": Sql("raw"),
        "lines": Sql("lines"),
        "uid": Sql("uid"),
        "rejected": Sql("rejected"),
        "reason": "unknown flag",
        "content": Sql("substr(content, 1, 4000)"),
        "cells": Sql("merchant_name, csm_name"),
        **{name: Sql(name) for name in ("written", "base", "absent")},
        **{name: True for name in ("frozen_at_t1", "all_open", "writes_all", "left_out")},
        "at": 0,
        "over": 20,
    }


def names() -> list[str]:
    files = resources.files("winback.report").joinpath("sql").iterdir()
    return sorted({file.name.removesuffix(".sql") for file in files} - OF_DISCOVERY - OF_PAGES - EXPRESSIONS)


def nodes(name: str) -> Iterator[exp.Expr]:
    yield from sqlglot.parse_one(statement(name, **filled()), read="duckdb").walk()


@pytest.mark.parametrize("name", names())
def test_a_statement_holds_known_constructs(name: str) -> None:
    unknown = {type(node).__name__ for node in nodes(name)} - ALLOWED
    assert not unknown, (
        f"sql/{name}.sql: {unknown} may mean something else on Spark: show that in test_engines.py first"
    )


@pytest.mark.parametrize("name", names())
def test_a_statement_has_known_functions_and_types(name: str) -> None:
    for node in nodes(name):
        if isinstance(node, exp.Anonymous):
            assert node.name in NAMED
        if isinstance(node, exp.Cast):
            assert node.to.sql("duckdb").replace("TEXT", "VARCHAR") in TYPES


@pytest.mark.parametrize("name", names())
def test_a_pattern_is_of_characters_that_are_named(name: str) -> None:
    """`$` also fits before a line's end in Java, and `\\s`, `\\d`, `\\w` and `\\p` are others in each library."""
    for node in nodes(name):
        if isinstance(node, exp.RegexpLike | exp.RegexpReplace):
            pattern = node.expression.name
            assert not any(part in pattern.replace(r"\z", "") for part in ("\\", "(?")), pattern
            assert "$" not in pattern.replace("[$", ""), pattern
        if isinstance(node, exp.RegexpReplace):
            assert node.args["modifiers"].name == "g", "Spark replaces all there is"


@pytest.mark.parametrize("name", names())
def test_what_is_trimmed_is_said_character_by_character(name: str) -> None:
    for node in nodes(name):
        if isinstance(node, exp.Trim):
            assert isinstance(node.expression, exp.Literal)
            assert "\\" not in node.expression.name
