"""Reports as files of every kind, and what is understood of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from winback.report.check import Checked, check_report
from winback.report.engine.duckdb import DuckDB
from winback.report.sources import Source
from winback.settings import Columns, Product

Report = dict[str, Any]


@dataclass(frozen=True)
class Understood:
    """`rows`: accepted rows in order of UID, other columns as a dict."""

    checked: Checked
    rows: list[Report]
    rejected: list[Report]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def others(self) -> list[dict[str, Any]]:
        return [json.loads(row["other_columns"] or "{}") for row in self.rows]


def product(**options: Any) -> Product:
    """`columns`: our name → the report's."""
    columns = {
        ours: (theirs,) if isinstance(theirs, str) else theirs for ours, theirs in options.pop("columns", {}).items()
    }
    return Product(name="payments", columns=Columns(**columns), **options)


def read(path: Path, **options: Any) -> Understood:
    folder = path.parent / f"read {path.name}"
    folder.mkdir(exist_ok=True)
    with DuckDB([path], folder) as engine:
        checked = check_report(engine, Source(path), product(**options), "Europe/Madrid", folder)
    rows = pq.read_table(checked.met.report_file).to_pylist()
    rejected = pq.read_table(checked.rejected_file).to_pylist() if checked.rejected_file else []
    accepted = [row for row in rows if row["reason"] is None]
    return Understood(checked, sorted(accepted, key=lambda row: row["uid"]), rejected)


def written(folder: Path, text: str | bytes, name: str = "report.csv") -> Path:
    """A file of this text, packed as its name says."""
    content = text.encode() if isinstance(text, str) else text
    if name.endswith(".gz"):
        content = gzip.compress(content)
    if name.endswith(".zst"):
        content = zstandard.compress(content)
    path = folder / name
    path.write_bytes(content)
    return path


def read_text(folder: Path, text: str | bytes, name: str = "report.csv", **options: Any) -> Understood:
    return read(written(folder, text, name), **options)


def ndjson(rows: Sequence[Report]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def read_table(folder: Path, table: pa.Table, **options: Any) -> Understood:
    path = folder / "report.parquet"
    pq.write_table(table, path)
    return read(path, **options)
