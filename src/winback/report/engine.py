"""The one file that names an engine: DuckDB inside the process.

The statements live in `sql/*.sql`; they hold no file names and do no I/O. Placeholders `$name` in them are filled in
here with literals, so that the same text can be given to another engine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from winback.core.moments import to_micros
from winback.errors import WinbackError

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[Any, ...]
_PLACEHOLDER = re.compile(r"\$([a-z_0-9]+)")
_BATCH = 10_000


class Sql(str):
    """A value that goes into a statement as it is: an expression, never a report's content."""


class Engine:
    """A DuckDB of its own for one piece of work; sees only the folders and files it is given."""

    def __init__(self, readable: list[Path], writable: Path | None = None) -> None:
        self._duckdb = duckdb.connect()
        self._duckdb.execute("set TimeZone = 'UTC'")
        self._duckdb.execute("set autoinstall_known_extensions = false")
        self._duckdb.execute("set autoload_known_extensions = false")
        if writable is not None:
            self._duckdb.execute(f"set temp_directory = {literal(str(writable / 'spill'))}")
        self._shut_in(readable, writable)

    def _shut_in(self, readable: list[Path], writable: Path | None) -> None:
        """A report is somebody else's content: the engine that reads it reaches no other file and no network."""
        files = [str(path) for path in readable if not path.is_dir()]
        folders = [f"{path}/" for path in [*readable, writable] if path is not None and path.is_dir()]
        self._duckdb.execute(f"set allowed_paths = [{', '.join(map(literal, files))}]")
        self._duckdb.execute(f"set allowed_directories = [{', '.join(map(literal, folders))}]")
        self._duckdb.execute("set enable_external_access = false")
        self._duckdb.execute("set lock_configuration = true")

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._duckdb.close()

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._duckdb.execute(sql)
        except (duckdb.InterruptException, RuntimeError) as error:
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from error
            raise
        except duckdb.OutOfMemoryException as error:
            raise WinbackError(f"the engine ran out of memory or disk space: {first_line(error)}") from error
        except duckdb.IOException as error:
            raise WinbackError(f"reading or writing failed: {first_line(error)}") from error

    def rows(self, name: str, **values: object) -> list[Row]:
        return self.execute(statement(name, **values)).fetchall()

    def row(self, name: str, **values: object) -> dict[str, Any]:
        """The only row of a statement, by column name."""
        cursor = self.execute(statement(name, **values))
        (row,) = cursor.fetchall()
        return dict(zip([column[0] for column in cursor.description or ()], row, strict=True))

    def batches(self, name: str, **values: object) -> Iterator[list[Row]]:
        """A statement's rows, some thousands at a time, so that a large result is never whole in Python."""
        cursor = self.execute(statement(name, **values))
        while batch := cursor.fetchmany(_BATCH):
            yield batch

    def view(self, name: str, sql: str) -> None:
        self.execute(f"create or replace temp view {name} as {sql}")

    def table(self, name: str, sql: str) -> None:
        self.execute(f"create or replace temp table {name} as {sql}")

    def table_of(self, name: str, column: str, values: list[str]) -> None:
        """A temporary table with one text column, filled from Python."""
        self.execute(f"create or replace temp table {name} ({column} varchar)")
        if values:
            self._duckdb.execute(f"insert into {name} select unnest($1::varchar[])", [values])

    def write_parquet(self, sql: str, path: Path) -> None:
        self.execute(f"copy ({sql}) to {literal(str(path))} (format parquet)")

    def register(self, name: str, table: pa.Table) -> None:
        self._duckdb.register(name, table)

    def arrow(self, sql: str) -> pa.Table:
        return self._duckdb.sql(sql).to_arrow_table()

    def columns_of(self, sql: str) -> list[tuple[str, str]]:
        """Names and types of what a query gives."""
        return [(name, kind) for name, kind, *_ in self.execute(f"describe {sql}").fetchall()]


def parquet(path: Path | list[Path]) -> str:
    paths = path if isinstance(path, list) else [path]
    return f"read_parquet({literal([str(each) for each in paths])}, union_by_name = true)"


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
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"no literal for {type(value).__name__}")


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
