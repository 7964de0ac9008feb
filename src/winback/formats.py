"""A table as CSV, JSON, Parquet or Arrow; always some thousands of rows at a time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from winback.core.moments import format_moment
from winback.core.money import format_money

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.tables import Table

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Lines:
    """Ends the rows of a CSV as lines of this system's tools do."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, row: str) -> int:
        return self._stream.write(row.removesuffix("\r\n") + "\n")


def write_csv(table: Table, stream: TextIO) -> None:
    for piece in csv_pieces(table):
        stream.write(piece)


def csv_pieces(table: Table) -> Iterator[str]:
    """The same bit by bit, the heading first."""
    stream = io.StringIO()
    # The writer quotes what has a character of its line ends: a lone carriage return in a cell must not end the line.
    writer = csv.writer(_Lines(stream), lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in table.names])
    kinds = [kind for _, kind in table.columns]
    yield _taken(stream)
    for batch in table.batches:
        writer.writerows([_csv_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in batch)
        yield _taken(stream)


def _taken(stream: io.StringIO) -> str:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


def write_json(table: Table, stream: TextIO) -> None:
    """One document: a list of objects, one to a line."""
    names, separator = table.names, "["
    for row in _rows(table):
        cells = dict(zip(names, map(plain, row), strict=True))
        stream.write(f"{separator}\n{json.dumps(cells, ensure_ascii=False)}")
        separator = ","
    stream.write("[]\n" if separator == "[" else "\n]\n")


def write_parquet(table: Table, path: Path) -> None:
    import pyarrow.parquet as pq

    schema = _schema(table)
    with pq.ParquetWriter(path, schema) as writer:
        for batch in table.batches:
            writer.write_table(_arrow(batch, schema))


def to_arrow(table: Table) -> pa.Table:
    import pyarrow as pa

    schema = _schema(table)
    return pa.concat_tables([schema.empty_table(), *(_arrow(batch, schema) for batch in table.batches)])


def plain(cell: Any) -> Any:
    """As JSON has it: moments in ISO 8601, money as a decimal string."""
    if isinstance(cell, dt.datetime):
        return format_moment(cell)
    if isinstance(cell, Decimal):
        return format_money(cell)
    return cell


def _rows(table: Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.batches:
        yield from batch


def _csv_cell(cell: Any, kind: str) -> str:
    if cell is None:
        return ""
    if kind == "flag":
        return "true" if cell else "false"
    return _harmless(cell) if kind == "text" else str(plain(cell))


def _harmless(text: str) -> str:
    """Report content is somebody else's: shown as text, never run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "money": pa.decimal128(22, 4),
        "moment": pa.timestamp("us", tz="UTC"),
        "hours": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in table.columns])


def _arrow(batch: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = zip(*batch, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
