"""Cleaning a report: one pass over it writes `report.parquet`, and tells what was read and what was rejected."""

from __future__ import annotations

import datetime as dt
import glob
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winback.errors import ReportRefused
from winback.report.engine import Engine
from winback.report.engine.duckdb import DuckDB
from winback.report.history import remove
from winback.report.mapping import BLANKS, MAPPED
from winback.report.packed import chunks_of
from winback.report.reading import OpenedReport, open_report, open_table, understood
from winback.report.sources import Source
from winback.report.statements import Sql, literal, parquet, statement

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.settings import Product

TRUES = ("true", "t", "yes", "y", "1", "1.0", "on", "enabled")
FALSES = ("false", "f", "no", "n", "0", "0.0", "off", "disabled")
_NO_TEXT, _NO_AMOUNT, _NO_MOMENT = "cast(null as varchar)", "cast(null as decimal(18, 4))", "cast(null as bigint)"
# A row's place in the report; the lines within its cells; the line it begins at, of those below the header.
_NUMBER = ", row_number() over () as nth, "
_NEWLINES = "length(whole_row) - length(replace(whole_row, chr(10), ''))"
_LINE = "cast(sum(1 + newlines) over (order by nth rows unbounded preceding) - newlines as bigint)"


@dataclass(frozen=True)
class Checked:
    """What one reading of a report gave. `fingerprint` is the same for the same rows in any order (rules.md R3.14)."""

    rows: int
    accepted: int
    rejected: int
    unreadable_amounts: int
    fingerprint: str
    uid_column: str
    other_columns: tuple[str, ...]
    report_file: Path
    rejected_file: Path | None = None


def check_report(engine: Engine, source: Source, product: Product, tz: str, folder: Path) -> Checked:
    """Reads the report into `folder`. Raises ReportRefused; nothing outside the folder changes."""
    anew = folder / "anew"
    anew.mkdir()
    source = _plainly_named(source, anew)
    opened = open_report(engine.reader, source, product, anew)
    checked = understood(source, product, lambda: _clean(engine, opened, product, tz, folder))
    if checked.rejected:
        path = folder / "rejected.parquet"
        understood(source, product, lambda: _write_rejected(engine, opened, product, path))
        checked = replace(checked, rejected_file=path)
    shutil.rmtree(anew)
    return checked


def _plainly_named(source: Source, folder: Path) -> Source:
    """The engine takes `*`, `?` and `[` in a name for a pattern: such a report is read through a link with another
    name."""
    if not glob.has_magic(source.path.name):
        return source
    link = folder / re.sub(r"[*?\[\]]", "_", source.path.name)
    link.symlink_to(source.path.absolute())
    return replace(source, path=link)


def check_table(engine: Engine, table: pa.Table, product: Product, tz: str, folder: Path) -> Checked:
    """The same for a table in memory, whose rejected rows have no lines."""
    return _clean(engine, open_table(engine.reader, table, product), product, tz, folder)


def _clean(engine: Engine, opened: OpenedReport, product: Product, tz: str, folder: Path) -> Checked:
    written = folder / "report.parquet"
    with engine.staged("raw", opened.select()):
        engine.write_parquet(_clean_statement(opened, product, tz), written)
    engine.view("checked", f"select * from {parquet(written)}")
    ((rows,),) = engine.fetch("select count(*) from checked")
    written = _resolve_repeated(engine, written)
    counts = engine.row("counts")
    _refuse_several_currencies(counts)
    return Checked(
        rows=rows,
        accepted=counts["accepted"],
        rejected=counts["rejected"],
        unreadable_amounts=int(counts["unreadable_amounts"]),
        fingerprint=f"{engine.name} {counts['accepted']} {counts['rejected']} {counts['fingerprint']}",
        uid_column=opened.mapping.uid_column,
        other_columns=tuple(opened.mapping.others),
        report_file=written,
    )


def _clean_statement(opened: OpenedReport, product: Product, tz: str) -> str:
    """A column that the report does not have is plain null: planning what would be done with it takes longer than
    doing it."""
    trimmed = _trimmed(opened)
    return statement(
        "clean",
        **trimmed,
        trues=TRUES,
        falses=FALSES,
        listed_flag=False if product.mode == "presence" else Sql("null"),
        **{
            name: Sql(amount_of(Sql(name), product.decimal) if name in opened.mapping.mapped else _NO_AMOUNT)
            for name in ("gmv", "revenue")
        },
        spelled_changed_at=Sql(statement("spelled", cell=trimmed["trimmed_changed_at"])),
        changed_at=Sql(
            moment_of(Sql("changed_at"), product.at_time, tz) if "changed_at" in opened.mapping.mapped else _NO_MOMENT
        ),
    )


def amount_of(cell: Sql, decimal: str) -> str:
    """The expression that reads an amount of money in trimmed text."""
    plain, amount = _amount_patterns(decimal)
    return statement("amount", cell=cell, plain=plain, amount=amount, decimal=decimal, no_digit=f"[^0-9{decimal}]")


def moment_of(spelled: Sql, at_time: dt.time, tz: str) -> str:
    """The expression that reads a moment, spelled as sql/spelled.sql does; `at_time`: the time of a bare date."""
    dated = Sql(f"({spelled} || {literal(f' {at_time.isoformat()}')})")
    return statement("moment", spelled=spelled, dated=dated, timezone=tz)


def _trimmed(opened: OpenedReport) -> dict[str, object]:
    """The placeholders `$trimmed_…` for every column of the view `raw`."""
    there = {*opened.mapping.mapped, "whole_row"}
    return {
        f"trimmed_{name}": Sql(statement("trimmed", cell=Sql(name), blanks=BLANKS) if name in there else _NO_TEXT)
        for name in (*MAPPED, "whole_row")
    }


def _amount_patterns(decimal: str) -> tuple[str, str]:
    """The common notation, and every notation that rules.md R3.5 allows, for one decimal sign."""
    thousands = "," if decimal == "." else "."
    blank, sign = "[ \u00a0]*", "[+-]?"
    currency = rf"(\p{{Sc}}|[A-Za-z]{{3}}){blank}"
    number = rf"(([0-9]+|[0-9]{{1,3}}([{thousands}][0-9]{{3}})+)([{decimal}][0-9]+)?|[{decimal}][0-9]+)"
    after = rf"{blank}(\p{{Sc}}|[A-Za-z]{{3}})"
    notations = (
        rf"{sign}{blank}({currency})?{number}",
        rf"{currency}[+-]{blank}{number}",
        rf"{sign}{blank}{number}{after}",
        rf"({currency})?{number}{blank}-",
        rf"{number}{blank}-{after}",
        rf"{number}{after}{blank}-",
        rf"{currency}[(]{blank}{number}{blank}[)]",
        rf"[(]{blank}({currency})?{number}{blank}[)]",
        rf"[(]{blank}{number}{after}{blank}[)]",
        rf"[(]{blank}{number}{blank}[)]{after}",
    )
    return rf"^-?[0-9]+([{decimal}][0-9]+)?$", f"^({'|'.join(notations)})$"


def _resolve_repeated(engine: Engine, written: Path) -> Path:
    """UIDs with several rows are rare: only then are the rows written once more."""
    engine.table("repeated", statement("repeated"))
    if not engine.fetch("select 1 from repeated limit 1"):
        return written
    resolved = written.with_name("resolved.parquet")
    engine.write_parquet(statement("resolved"), resolved)
    engine.view("checked", f"select * from {parquet(resolved)}")
    remove(written)
    return resolved


def _refuse_several_currencies(counts: dict[str, Any]) -> None:
    if counts["currencies"] > 1:
        raise ReportRefused(
            f"the report has amounts in {counts['currencies']} currencies, {counts['a_currency']} and"
            f" {counts['another_currency']} among them: expected one; make it a product for each"
        )


def _write_rejected(engine: Engine, opened: OpenedReport, product: Product, path: Path) -> None:
    """A second look at the report, for line and content of what was rejected; only taken when something was."""
    engine.reader.view(
        "numbered",
        f"select *, {_NEWLINES} as newlines from ({opened.select(_NUMBER + opened.content() + ' as content')})",
    )
    rejected = statement("rejected", **_trimmed(opened), flags=(*TRUES, *FALSES), needs_flag=product.mode == "flag")
    with engine.staged("lines", f"select *, {_line_of(engine.reader, opened)} as line from numbered"):
        engine.write_parquet(rejected, path)


def _line_of(reader: DuckDB, opened: OpenedReport) -> str:
    """The line that a row begins at, as far as it is known: blank lines of text, which the engine passes over, would
    shift the numbers."""
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
