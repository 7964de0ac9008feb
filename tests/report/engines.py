"""The same work on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from winback.report.engine import Engine, Row, open_engine
from winback.report.statements import parquet

NAMES = ("duckdb", "local[2]")


class Both:
    """Both engines, which see the same tables."""

    def __init__(self, folder: Path, engines: list[Engine]) -> None:
        self._folder = folder
        self._engines = engines

    def see(self, name: str, cells: list[str]) -> None:
        """A table with the columns `nth` and `cell`."""
        path = self._folder / f"{name}.parquet"
        pq.write_table(pa.table({"nth": range(len(cells)), "cell": cells}), path)
        for engine in self._engines:
            engine.view(name, f"select * from {parquet(path)}")

    def fetch(self, sql: str) -> tuple[list[Row], list[Row]]:
        """What DuckDB gives, and Spark."""
        duckdb, spark = (engine.fetch(sql) for engine in self._engines)
        return duckdb, spark

    def differences(self, cells: list[str], *expressions: str) -> list[tuple[str, Row, Row]]:
        """Cells of which the engines do not say the same, with what each says."""
        self.see("cells", cells)
        duckdb, spark = self.fetch(f"select nth, {', '.join(expressions)} from cells order by nth")
        assert len(duckdb) == len(spark) == len(cells)
        return [
            (cells[one[0]][:100], one, other) for one, other in zip(duckdb, spark, strict=True) if one[1:] != other[1:]
        ]


@contextmanager
def both_engines(folder: Path) -> Iterator[Both]:
    with ExitStack() as stack:
        engines = []
        for name in NAMES:
            own = folder / name
            own.mkdir()
            engines.append(stack.enter_context(open_engine(name, [folder], own)))
        yield Both(folder, engines)
