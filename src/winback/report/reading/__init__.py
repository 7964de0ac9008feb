"""Opening a report: whatever its form, it becomes a query with the same text columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from winback.report.engine.duckdb import DuckDB
from winback.report.reading.complaints import understood
from winback.report.reading.delimited import open_delimited
from winback.report.reading.filtering import filtered
from winback.report.reading.footer import without_footer
from winback.report.reading.json import open_cells, open_json
from winback.report.reading.opened import OpenedReport
from winback.report.reading.plain import written_plainly
from winback.report.reading.typed import open_typed, without_long_cells
from winback.report.recognise import Recognised, recognise
from winback.report.sources import Source
from winback.report.statements import parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.settings import Product

__all__ = ["OpenedReport", "open_report", "open_table", "understood"]


def open_report(engine: DuckDB, source: Source, product: Product, folder: Path) -> OpenedReport:
    """Raises ReportRefused where the file can't be read. What the engine can't read as it is gets written anew into
    `folder`, which is to be deleted once the rows have been read."""
    found = recognise(source, product, folder)
    return understood(source, product, lambda: filtered(engine, _open(engine, source.path, found, product, folder)))


def _open(engine: DuckDB, path: Path, found: Recognised, product: Product, folder: Path) -> OpenedReport:
    if found.written:
        return open_cells(found.written, list(found.header), found.header_row or 1, product)
    if found.form == "parquet":
        return _open_parquet(engine, path, found, product)
    plain = written_plainly(path, found.encoding, product, folder)
    if found.dialect:
        return open_delimited(without_footer(plain, found.dialect, folder), found.dialect, product)
    return open_json(engine, plain, found.form, path.name, product)


def _open_parquet(engine: DuckDB, path: Path, found: Recognised, product: Product) -> OpenedReport:
    return open_typed(engine, without_long_cells(engine, parquet(path)), list(found.header), product, found.numbers)


def open_table(engine: DuckDB, table: pa.Table, product: Product) -> OpenedReport:
    """The same for a table in memory."""
    engine.register("given", table)
    return filtered(engine, open_typed(engine, "given", table.column_names, product))
