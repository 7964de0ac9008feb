"""Statements for the engine: text of `sql/*.sql`, with literals where its placeholders are.

Everything is in DuckDB's dialect; the files hold no file names and do no I/O, so that the same text can be given to
another engine.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from importlib import resources
from pathlib import Path

from winback.core.moments import to_micros

PARTS = "/*.parquet"
_PLACEHOLDER = re.compile(r"\$([a-z_0-9]+)")


class Sql(str):
    """A value that goes into a statement as it is: an expression, never a report's content."""


@cache
def _text(name: str) -> str:
    return resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def statement(name: str, **values: object) -> str:
    """`sql/<name>.sql` with its `$placeholders` filled in; every placeholder needs a value."""
    text = "\n".join(line for line in _text(name).splitlines() if not line.lstrip().startswith("--"))
    return _PLACEHOLDER.sub(lambda match: literal(values[match[1]]), text).rstrip().rstrip(";")


def literal(value: object) -> str:
    """A value as SQL text. Strings are quoted, so content can't become SQL."""
    if isinstance(value, Sql):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.datetime):
        return str(to_micros(value))
    if isinstance(value, (list, tuple)):
        return _brackets(value).format(", ".join(map(literal, value)))
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"no literal for {type(value).__name__}")


def _brackets(values: list[object] | tuple[object, ...]) -> str:
    """A list is a value; a tuple is what comes after `in`."""
    return "[{}]" if isinstance(values, list) else "({})"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def parquet(path: Path) -> str:
    """A Parquet file, or the folder of parts that Spark wrote, as a table. A folder `region=EMEA` is no column."""
    name = f"{path}{PARTS}" if path.is_dir() else str(path)
    return f"read_parquet({literal([name])}, union_by_name = true, hive_partitioning = false)"
