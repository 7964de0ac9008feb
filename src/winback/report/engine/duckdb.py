"""DuckDB inside the process: the engine that is there without further ado, and the reader of every report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from winback.errors import WinbackError
from winback.faults import of_engine
from winback.report.engine import Engine, Row
from winback.report.statements import Sql, literal, statement

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 10_000
# Microseconds since 1970 UTC of a text with an offset, and of a local time; null where there is no such moment. When
# clocks go back, an hour or half of one comes twice: the first is meant, and DuckDB answers with the second. The first
# is as far from what the clock showed three hours before as the two texts say.
_MACROS = """
create temp macro instant_micros(spelled) as epoch_us(try_cast(spelled as timestamptz));
create temp macro _first_of(local, moment, before, zone) as case
    when before + interval 3 hour = local then moment
    when timezone(zone, moment - interval 3 hour + (local - before)) = local
        then moment - interval 3 hour + (local - before)
    else moment
end;
create temp macro _moment_of(local, moment, zone) as
    _first_of(local, moment, timezone(zone, moment - interval 3 hour), zone);
create temp macro local_micros(spelled, zone) as epoch_us(
    _moment_of(try_cast(spelled as timestamp), timezone(zone, try_cast(spelled as timestamp)), zone));
"""


class DuckDB(Engine):
    """A DuckDB of its own for one piece of work; sees only the folders and files it is given."""

    name = f"duckdb-{duckdb.__version__}"
    can_leave_out = True

    def __init__(
        self, readable: list[Path], writable: Path | None = None, memory: str | None = None, one_thread: bool = False
    ) -> None:
        self.reader = self
        self._duckdb = duckdb.connect()
        # Global, so that one `beside` has it too.
        self._duckdb.execute("set global TimeZone = 'UTC'")
        self._duckdb.execute("set autoinstall_known_extensions = false")
        self._duckdb.execute("set autoload_known_extensions = false")
        self._duckdb.execute(_MACROS)
        if one_thread:
            self._duckdb.execute("set threads = 1")
        if memory is not None:
            self._duckdb.execute(f"set memory_limit = {literal(memory)}")
        # It takes a report for a table of a few rows; the statements have the side that is to be kept in memory on the
        # right.
        self._duckdb.execute("set global disabled_optimizers = 'join_order,build_side_probe_side'")
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

    def beside(self) -> DuckDB:
        other = copy(self)
        other.reader, other._duckdb = other, self._duckdb.cursor()
        other._duckdb.execute(_MACROS)
        return other

    def interrupt(self) -> None:
        self._duckdb.interrupt()

    def close(self) -> None:
        self._duckdb.close()

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._duckdb.execute(sql)
        except (duckdb.InterruptException, RuntimeError) as error:
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from error
            raise
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise WinbackError(of_engine(error)) from error

    @contextmanager
    def staged(self, _: str, sql: str) -> Iterator[Sql]:
        yield Sql(f"({sql})")

    def view(self, name: str, sql: str) -> None:
        self.execute(f"create or replace temp view {name} as {sql}")

    def table(self, name: str, sql: str) -> None:
        self.execute(f"create or replace temp table {name} as {sql}")

    def table_of(self, name: str, column: str, values: list[str]) -> None:
        self.execute(f"create or replace temp table {name} ({column} varchar)")
        if values:
            self._duckdb.execute(f"insert into {name} select unnest($1::varchar[])", [values])

    def write_parquet(self, sql: str, path: Path) -> None:
        self.execute(f"copy ({sql}) to {literal(str(path))} (format parquet)")

    def write_all_but(self, query: Callable[[Sql], str], path: Path) -> int:
        self.execute("create or replace temp sequence left_out")
        self.write_parquet(query(Sql("nextval('left_out') is null")), path)
        ((following,),) = self.execute("select nextval('left_out')").fetchall()
        return int(following) - 1

    def stream(self, sql: str) -> Iterator[list[Row]]:
        cursor = self.execute(sql)
        while batch := cursor.fetchmany(_BATCH):
            yield batch

    def fetch(self, sql: str) -> list[Row]:
        return self.execute(sql).fetchall()

    def row(self, name: str, **values: object) -> dict[str, Any]:
        cursor = self.execute(statement(name, **values))
        (row,) = cursor.fetchall()
        return dict(zip([column[0] for column in cursor.description or ()], row, strict=True))

    def register(self, name: str, table: pa.Table) -> None:
        self._duckdb.register(name, table)

    def arrow(self, sql: str) -> pa.Table:
        return self._duckdb.sql(sql).to_arrow_table()

    def columns_of(self, sql: str) -> list[tuple[str, str]]:
        """Names and types of what a query gives."""
        return [(name, kind) for name, kind, *_ in self.execute(f"describe {sql}").fetchall()]


def first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
