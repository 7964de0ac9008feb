"""A file of claims, read as reports are: CSV, TSV, JSON, NDJSON, Parquet, XLSX, also packed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winback.errors import ReportRefused
from winback.faults import plainly
from winback.report.engine.duckdb import DuckDB
from winback.report.mapping import BLANKS, key_of
from winback.report.reading import open_report, understood
from winback.report.rejected import line_of, numbered
from winback.report.sources import Source
from winback.report.steady import steady
from winback.settings.sections import Export

COLUMNS = ("uid", "outcome", "csm_name", "csm_email", "csm", "claimed_at", "product", "reason", "note", "id")
_NEEDED = (("outcome",), ("csm_name", "csm_email", "csm"), ("claimed_at",))
# Claims are typed by people; a report that somebody took for a file of claims is larger.
_LARGEST = 200_000_000


@dataclass(frozen=True)
class Line:
    """One row. `shown`: where it stands, for people; `cells`: those of COLUMNS that are there and not blank."""

    shown: str
    uid: str
    cells: dict[str, str] = field(default_factory=dict)


@plainly
def read_lines(path: Path) -> list[Line]:
    """Raises ReportRefused where it is no such file, or lacks a column."""
    if not path.is_file():
        raise ReportRefused(f"there is no file {path}")
    export = Export(name=path.name, mode="presence", max_report_bytes=_LARGEST)
    try:
        return [_line(*row) for row in _rows(path, export)]
    except ReportRefused as error:
        raise _without_settings(error, export) from error


def _rows(path: Path, export: Export) -> list[tuple[Any, ...]]:
    source = Source(path)
    with (
        steady(path),
        tempfile.TemporaryDirectory(prefix="winback-") as folder,
        DuckDB([path], Path(folder)) as engine,
    ):
        opened = open_report(engine, source, export, Path(folder))
        _refuse_lacking(path, opened.header)
        engine.view("numbered", numbered(opened))

        def rows() -> list[tuple[Any, ...]]:
            columns = f"nth, {line_of(engine, opened)} as line, uid, content"
            return engine.fetch(f"select {columns} from numbered where whole_row <> '' order by nth")  # noqa: S608

        return understood(source, export, rows)


def _without_settings(error: ReportRefused, export: Export) -> ReportRefused:
    """A product's settings may say how its text is written; a file of claims has none, and is to be saved anew."""
    said, _, advice = str(error).rpartition(";")
    return ReportRefused(f"{said}; save it as UTF-8, or as XLSX") if f"{export.key}.encoding" in advice else error


def _refuse_lacking(path: Path, header: list[str]) -> None:
    there = {key_of(name) for name in header}
    for names in (("uid",), *_NEEDED):
        if not there.intersection(names):
            shown = ", ".join(name.strip(BLANKS) for name in header)
            raise ReportRefused(f"{path.name}: expected a column {' or '.join(names)}; there are: {shown}")


def _line(nth: int, line: int | None, uid: str | None, content: str) -> Line:
    named = {key_of(name): (cell or "").strip(BLANKS) for name, cell in json.loads(content).items()}
    cells = {name: named[name] for name in COLUMNS if named.get(name)}
    return Line(f"line {line:,}" if line is not None else f"row {nth:,}", (uid or "").strip(BLANKS), cells)
