"""Delimited text: every cell is text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from winback.report.dialect import Dialect
from winback.report.reading.opened import OpenedReport
from winback.report.statements import literal

if TYPE_CHECKING:
    from winback.settings import Product

_SPELLED = {"\n": "\\n", "\r\n": "\\r\\n"}


def open_delimited(path: Path, dialect: Dialect, product: Product) -> OpenedReport:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(dialect.header)))
    options: dict[str, object] = {
        "auto_detect": False,
        "hive_partitioning": False,
        "header": True,
        "delim": dialect.delimiter,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "skip": dialect.skipped,
        **({"new_line": _SPELLED[dialect.line_end]} if dialect.line_end else {}),
    }
    told = ", ".join(f"{name} = {literal(value)}" for name, value in options.items())
    rows = f"read_csv({literal(str(path))}, {told}, columns = {{{columns}}})"
    return OpenedReport(rows, list(dialect.header), lambda place, ours: f"c{place}", product, dialect.above, path)
