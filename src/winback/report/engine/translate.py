"""From DuckDB's dialect to Spark's. SQLGlot knows both; what it passes on with another meaning is said here.

tests/report/test_engines_portable.py holds the statements to what is known to mean the same on both engines.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp

from winback.report.statements import PARTS

_GLOB = re.compile(r"[{}\[\]*?\\]")
_REFERENCE = re.compile(r"\\(\d)")


def to_spark(sql: str) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    # From the innermost outwards, so that what is translated finds its own parts translated.
    for node in reversed(list(tree.walk())):
        node.replace(_translated(node))
    return tree.sql("spark")


def _translated(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Anonymous) and node.name in _NAMED:
        return _NAMED[node.name](*node.expressions)
    if isinstance(node, exp.Table) and isinstance(node.this, exp.ReadParquet):
        return _file(node)
    if isinstance(node, exp.Lower):
        return exp.Lower(this=_without_special_cases(node.this))
    if isinstance(node, exp.RegexpReplace):
        node.set("replacement", _replacement(node.args["replacement"]))
    if isinstance(node, exp.DataType) and node.is_type("hugeint"):
        return exp.DataType.build("decimal(38, 0)")
    return node


def _file(table: exp.Table) -> exp.Table:
    """A Parquet file, or the folder of the parts it was written in."""
    path = table.this.expressions[0].expressions[0].name.removesuffix(PARTS)
    escaped = _GLOB.sub(lambda match: "\\" + match[0], path)
    found = exp.table_(f"file:{escaped}", db="parquet", quoted=True)
    found.set("alias", table.args.get("alias"))
    return found


def _without_special_cases(text: exp.Expr) -> exp.Expr:
    """Spark's `lower` looks at a capital sigma's neighbours, and makes two characters of a dotted capital I; DuckDB's
    goes character by character."""
    return exp.func("translate", text, exp.Literal.string("Σİ"), exp.Literal.string("σi"))


def _replacement(text: exp.Expr) -> exp.Expr:
    return exp.Literal.string(_REFERENCE.sub(r"$\1", text.name.replace("$", r"\$")))


def _hash(*columns: exp.Expr) -> exp.Expr:
    """Spark's passes over nulls, so that (null, 'a') and ('a', null) would be the same."""
    nulls = (exp.Is(this=column.copy(), expression=exp.Null()) for column in columns)
    return exp.func("xxhash64", *columns, *nulls)


def _instant_micros(spelled: exp.Expr) -> exp.Expr:
    return exp.func("unix_micros", _moment(spelled))


def _local_micros(spelled: exp.Expr, zone: exp.Expr) -> exp.Expr:
    """The session is in UTC: the text is read as if it were there, then moved."""
    return exp.func("unix_micros", exp.func("to_utc_timestamp", _moment(spelled), zone))


def _moment(spelled: exp.Expr) -> exp.Expr:
    """Spark wants seconds before an offset, and knows no 24:00."""
    tree = sqlglot.parse_one(_MOMENT, read="spark")
    return exp.replace_placeholders(tree, spelled=spelled)


_MOMENT = r"""
coalesce(
    try_cast(regexp_replace(:spelled, '( [0-9]{2}:[0-9]{2})([+-])', '$1:00$2') as timestamp),
    case when :spelled rlike ' 24:00(:00([.]0+)?)?([+-]|\\z)' then
        try_cast(regexp_replace(:spelled, ' 24:00(:00([.]0+)?)?', ' 00:00:00') as timestamp) + interval 1 day
    end)
"""
_NAMED: dict[str, Callable[..., exp.Expr]] = {
    "hash": _hash,
    "instant_micros": _instant_micros,
    "local_micros": _local_micros,
}
