"""The engine: what cleans, compares and keeps as many rows as there are accounts. Each has a file of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from winback.errors import SettingsError
from winback.report.statements import Sql, statement

if TYPE_CHECKING:
    from winback.report.engine.duckdb import DuckDB

Row = tuple[Any, ...]


class Engine(ABC):
    """One piece of work on Parquet files, in SQL of DuckDB's dialect. `reader`: the DuckDB that reads reports,
    whichever engine goes on from there, so that every report is understood alike. `name`: whose hashes these are, which
    another engine does not have."""

    name: str
    reader: DuckDB
    can_leave_out: bool

    def beside(self) -> Engine | None:
        """Another one on the same memory and files, whose views and tables are its own, for a thread beside this one's;
        where the engine has that."""
        return None

    @abstractmethod
    def interrupt(self) -> None:
        """Ends the statement that another thread waits for."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def staged(self, name: str, sql: str) -> AbstractContextManager[Sql]:
        """For a while, a query that only `reader` can run, one that reads the report: what to select its rows from.
        `name`: what it is called where it needs a name."""

    @abstractmethod
    def view(self, name: str, sql: str) -> None: ...

    @abstractmethod
    def table(self, name: str, sql: str) -> None: ...

    @abstractmethod
    def table_of(self, name: str, column: str, values: list[str]) -> None:
        """A temporary table with one text column, filled from Python."""

    @abstractmethod
    def write_parquet(self, sql: str, path: Path) -> None: ...

    @abstractmethod
    def write_all_but(self, query: Callable[[Sql], str], path: Path) -> int:
        """Writes a query's rows as Parquet. How many it left out: those of which it asked the condition it was given,
        which is false. Where the engine can't count them (`can_leave_out`), it must ask of none."""

    @abstractmethod
    def stream(self, sql: str) -> Iterator[list[Row]]:
        """A query's rows, some thousands at a time, so that a large result is never whole in Python."""

    @abstractmethod
    def fetch(self, sql: str) -> list[Row]:
        """A query's rows, where they are few."""

    @abstractmethod
    def row(self, name: str, **values: object) -> dict[str, Any]:
        """The only row of a statement, by column name."""

    def rows(self, name: str, **values: object) -> list[Row]:
        return self.fetch(statement(name, **values))

    def batches(self, name: str, **values: object) -> Iterator[list[Row]]:
        return self.stream(statement(name, **values))


def open_engine(
    name: str, readable: list[Path], writable: Path, memory: str | None = None, one_thread: bool = False
) -> Engine:
    """The engine of the setting `workspace.engine`; what reads the report sees only these folders and files, and takes
    no more memory than that. `one_thread`: what it reads is so little that others would only stand by."""
    if name == "duckdb":
        from winback.report.engine.duckdb import DuckDB

        return DuckDB(readable, writable, memory, one_thread)
    try:
        from winback.report.engine.spark import Spark
    except ImportError as error:
        raise SettingsError(
            f'workspace.engine: "{name}" is Spark, and {error.name} is not installed: pip install "winback[spark]"'
        ) from error
    return Spark(name, readable, writable, memory, one_thread)
