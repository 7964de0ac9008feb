"""A report meets the history: one pass joins the two, and writes what the report says that the base does not.

The base is the last report that was written whole. Mostly few rows differ from one day to the next, and only those are
written; when what a pull wrote has grown large beside the base, the next report is written whole, and is the base.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from winback.report.clean import CELLS
from winback.report.engine import Engine
from winback.report.history import Kept, query_of, remove, see_report, size_of
from winback.report.statements import Sql, parquet, statement

# The share of the base's size from which on another whole report costs less than what must be passed over in the base.
_LARGE = 0.25
# Bytes of a small history: some hundred thousand accounts.
_SMALL = 8 << 20
# The columns of a cleaned row beside its UID and the hashes.
CLEANED = (*CELLS, "reason", "unreadable_amounts")


# A query's text, as part of another.
Clean = Callable[[Sql], str]


@dataclass(frozen=True)
class Rows:
    """The rows of a report, as text or cleaned already. `source`: what to select them from; `uid`: their UID, trimmed;
    `names`: their other columns; `cleaned`: the query that makes cleaned rows of what sql/beside.sql gives."""

    source: str
    uid: str = "uid"
    names: tuple[str, ...] = CLEANED
    cleaned: Clean = "select * from {}".format

    def query(self, writes_all: bool, left_out: Sql) -> str:
        """What is to be kept of them, columns as in sql/met.sql."""
        cells = Sql(", ".join(f"t2.{name}" for name in self.names))
        values = {"rows": Sql(self.source), "uid": Sql(self.uid), "cells": cells}
        beside = statement("beside", **values, writes_all=writes_all, left_out=left_out)
        return statement("met", row_hash=_row_hash(), cleaned=Sql(f"({self.cleaned(Sql(f'({beside}) as beside'))})"))


@dataclass(frozen=True)
class Met:
    """What came of it. `base`: the pull's base, None where its report was written whole; `left_out`: rows of the report
    that stand in the base just so."""

    engine: Engine
    report_file: Path
    base: Path | None
    left_out: int

    @cached_property
    def written(self) -> dict[str, Any]:
        """Columns of sql/counts.sql."""
        return self.engine.row("counts")

    @cached_property
    def known(self) -> dict[str, Any]:
        """Columns of sql/known.sql."""
        return self.engine.row("known")

    @property
    def rows(self) -> int:
        return int(self.written["listed"]) + self.left_out

    @property
    def accepted(self) -> int:
        return int(self.written["accepted"]) + self.left_out

    @property
    def fingerprint(self) -> str:
        """The same for the same rows in any order (rules.md R3.14): the hashes of all rows, those of the rows left out
        by what the base has of them."""
        total = int(self.written["row_hash"])
        if self.base is not None:
            total += int(self.known["base_hash"]) - int(self.written["base_hash"])
        return _fingerprint(self.engine, self.rows, self.accepted, total)

    @property
    def has_repeated_uids(self) -> bool:
        """Told by numbers, since a count of distinct UIDs would cost as much as the comparison: of the accounts known
        before, those that are not absent have a row each, or some have several."""
        present = int(self.known["accounts"]) - int(self.written["absent"])
        return int(self.written["listed_known"]) + self.left_out != present or bool(self.engine.rows("repeated_new"))

    def currencies(self) -> dict[str, Any]:
        """How many there are, and two of them."""
        see_report(self.engine, "read", self.report_file, self.base)
        return self.engine.row("currencies")


def meet(engine: Engine, history: Kept | None, path: Path, rows: Rows) -> Met:
    """Has rows meet the history as a pull left it, and writes `path`, which is then the view `met`."""
    if path.exists():
        remove(path)
    _see_history(engine, history)
    base = _base_after(history) if engine.can_leave_out else None
    left_out = engine.write_all_but(partial(rows.query, base is None), path)
    engine.view("met", f"select * from {parquet(path)}")
    return Met(engine, path, base, left_out)


def meet_resolved(engine: Engine, history: Kept | None, path: Path, rows: Rows) -> Met:
    """The same once more, where UIDs have several rows (rules.md R3.3). That is rare: only then are all rows cleaned
    and written down to be judged."""
    cleaned, resolved = path.with_name("cleaned.parquet"), path.with_name("resolved.parquet")
    _see_history(engine, None)
    engine.write_parquet(rows.query(True, Sql("false")), cleaned)
    engine.view("cleaned", f"select * from {parquet(cleaned)}")
    engine.table("repeated", statement("repeated"))
    engine.write_parquet(statement("resolved"), resolved)
    met = meet(engine, history, path, Rows(parquet(resolved)))
    remove(cleaned)
    remove(resolved)
    return met


def _see_history(engine: Engine, history: Kept | None) -> None:
    """Makes the view `t1`. Of a small history opening the files anew for every statement takes longer than the
    statements: it is read once."""
    query = query_of(history)
    if history is not None and sum(map(size_of, history.files)) < _SMALL:
        engine.table("t1_read", query)
        query = "select * from t1_read"
    engine.view("t1", query)


def fingerprint_of(engine: Engine, read: Kept) -> str:
    """That of a report which was read before, with the hashes that this engine has."""
    see_report(engine, "read", read.report, read.base)
    return _fingerprint(engine, **engine.row("fingerprint", row_hash=_row_hash()))


def _row_hash() -> Sql:
    return Sql(statement("row_hash"))


def _fingerprint(engine: Engine, rows: int, accepted: int, total: int) -> str:
    return f"{engine.name} {accepted} {rows - accepted} {total}"


def _base_after(history: Kept | None) -> Path | None:
    if history is None:
        return None
    if history.base is None:
        return history.report
    # Accounts that are not in the report stand in both files, and would do so beside any base.
    written = size_of(history.report) - (size_of(history.absent) if history.absent else 0)
    return history.base if written < _LARGE * size_of(history.base) else None
