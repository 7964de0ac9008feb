"""A second look at the report, for line, reason and content of the rows that were rejected (rules.md R3.6)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from winback.report.clean import FALSES, TRUES, trimmed_columns
from winback.report.engine import Engine
from winback.report.engine.duckdb import DuckDB
from winback.report.packed import chunks_of
from winback.report.reading import OpenedReport
from winback.report.statements import statement

if TYPE_CHECKING:
    from winback.settings import Product

# The lines within a row's cells; the line it begins at, of those below the header.
_NEWLINES = "length(whole_row) - length(replace(whole_row, chr(10), ''))"
_LINE = "cast(sum(1 + newlines) over (order by nth rows unbounded preceding) - newlines as bigint)"


def write_rejected(engine: Engine, opened: OpenedReport, product: Product, path: Path) -> None:
    """A second look at the report, for line and content of what was rejected; only taken when something was."""
    engine.reader.view("numbered", numbered(opened))
    values = {**trimmed_columns(opened), "flags": (*TRUES, *FALSES), "needs_flag": product.mode == "flag"}
    with engine.staged("lines", f"select *, {line_of(engine.reader, opened)} as line from numbered") as lines:
        engine.write_parquet(statement("rejected", lines=lines, **values), path)


def numbered(opened: OpenedReport) -> str:
    """Every row, to be looked at as the view `numbered` by `line_of`."""
    return f"select *, {_NEWLINES} as newlines from ({opened.numbered()})"


def line_of(reader: DuckDB, opened: OpenedReport) -> str:
    """The line that a row of the view `numbered` begins at, as far as it is known: blank lines of text, which the
    engine passes over, would shift the numbers."""
    if opened.above is None:
        return "cast(null as bigint)"
    if opened.text is None:
        return f"nth + {opened.above}"
    ((counted,),) = reader.fetch(f"select count(*) + coalesce(sum(newlines), 0) + {opened.above} from numbered")
    return f"{_LINE} + {opened.above}" if counted == _lines_in(opened.text) else "cast(null as bigint)"


def _lines_in(path: Path) -> int:
    ends, last = 0, b"\n"
    for chunk in chunks_of(path):
        ends, last = ends + chunk.count(b"\n"), chunk[-1:]
    return ends + (last != b"\n")
