"""Checking a report: read, cleaned, and met with the history in one pass; tells what was read and what was rejected."""

from __future__ import annotations

import glob
import re
import shutil
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import ReportRefused
from winback.report.clean import CELLS, clean_statement, reading_of, trimmed
from winback.report.engine import Engine
from winback.report.fetch import fetched
from winback.report.history import Kept
from winback.report.meet import Met, Rows, meet, meet_resolved
from winback.report.reading import OpenedReport, open_report, open_table, understood
from winback.report.rejected import write_rejected
from winback.report.sources import Source

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.settings import Product


@dataclass(frozen=True)
class Checked:
    """What one reading of a report gave. `fingerprint` is the same for the same rows in any order (rules.md R3.14).
    `met`: which files have it."""

    rows: int
    accepted: int
    rejected: int
    unreadable_amounts: int
    fingerprint: str
    uid_column: str
    other_columns: tuple[str, ...]
    met: Met
    rejected_file: Path | None = None


def check_report(
    engine: Engine, source: Source, product: Product, tz: str, folder: Path, history: Kept | None = None
) -> Checked:
    """Reads the report into `folder`, beside the history as the last applied pull left it. Raises ReportRefused;
    nothing outside the folder changes."""
    anew = folder / "anew"
    anew.mkdir()
    source = plainly_named(fetched(source, product, anew), anew)
    opened = open_report(engine.reader, source, product, anew)
    checked = understood(source, product, lambda: _check(engine, opened, product, tz, folder, history))
    if checked.rejected:
        path = folder / "rejected.parquet"
        understood(source, product, lambda: write_rejected(engine, opened, product, path))
        checked = replace(checked, rejected_file=path)
    shutil.rmtree(anew)
    return checked


def plainly_named(source: Source, folder: Path) -> Source:
    """The engine takes `*`, `?` and `[` in a name for a pattern: such a report is read through a link with another
    name."""
    if not glob.has_magic(source.path.name):
        return source
    link = folder / re.sub(r"[*?\[\]]", "_", source.path.name)
    link.symlink_to(source.path.absolute())
    return replace(source, path=link)


def check_table(
    engine: Engine, table: pa.Table, product: Product, tz: str, folder: Path, history: Kept | None = None
) -> Checked:
    """The same for a table in memory, whose rejected rows have no lines."""
    return _check(engine, open_table(engine.reader, table, product), product, tz, folder, history)


def _check(
    engine: Engine, opened: OpenedReport, product: Product, tz: str, folder: Path, history: Kept | None
) -> Checked:
    path = folder / "report.parquet"
    with engine.staged("raw", opened.select(reading_of(opened, product, tz, engine.name))) as raw:
        text = Rows(raw, trimmed("uid"), CELLS, partial(clean_statement, opened, product, tz))
        met = meet(engine, history, path, text)
        rows = met.rows
        if met.has_repeated_uids:
            met = meet_resolved(engine, history, path, text)
    if "currency" in opened.mapping.mapped:
        _refuse_several_currencies(met)
    return Checked(
        rows=rows,
        accepted=met.accepted,
        rejected=met.rows - met.accepted,
        unreadable_amounts=int(met.written["unreadable_amounts"]),
        fingerprint=met.fingerprint,
        uid_column=opened.mapping.uid_column,
        other_columns=tuple(opened.mapping.others),
        met=met,
    )


def _refuse_several_currencies(met: Met) -> None:
    found = met.currencies()
    if found["currencies"] > 1:
        raise ReportRefused(
            f"the report has amounts in {found['currencies']} currencies, {found['a_currency']} and"
            f" {found['another_currency']} among them: expected one; make it a product for each"
        )
