"""Says where the product's tables, KPIs and flows differ from those of the naive model."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.naive.episodes import EVERYONE, Filter
from tests.naive.kpis import kpis
from tests.naive.period import period_kpis
from tests.naive.programme import Programme
from tests.naive.said_tables import Row
from tests.naive.tables import TABLES
from tests.naive.trend import trend
from tests.playing import form_at, rows_of
from winback import Workspace
from winback.store.tables import Span

# Numbers that the product gives, its own words, and when and where it read and sent.
NOT_COMPARED = {
    "case_id", "pull_id", "message_id", "channel", "recipient", "sent_at", "error", "source", "read_at", "decided_by",
}  # fmt: skip
NOT_COMPARED_OF_PULLS = NOT_COMPARED | {"reason"}

# Rows of a table.
IN_A_PART = 17

Cells = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class View:
    """What is asked of both: a moment, a product, a region and CSM, where given."""

    at: datetime
    product: str | None = None
    where: Filter = EVERYONE

    def asked(self) -> dict[str, Any]:
        return {"product": self.product, "at": self.at, "region": self.where.region, "csm": self.where.csm}

    def asked_at(self, workspace: Workspace) -> dict[str, Any]:
        """Figures of now may be kept, and are asked for without a moment."""
        now = ["at"] if self.at == workspace.now() else []
        return {name: value for name, value in self.asked().items() if name not in now}

    def asked_of(self, table: str) -> dict[str, Any]:
        """Where there are no accounts there is no region and no CSM."""
        unknown = ["region", "csm"] if table in ("rejected", "pulls") else []
        return {name: value for name, value in self.asked().items() if name not in unknown}


def differences(
    workspace: Workspace, programmes: Sequence[Programme], view: View, tables: Sequence[str] = tuple(TABLES)
) -> Iterator[str]:
    """A line for each row that only one of the two has, and for each figure that differs."""
    for table in tables:
        for line in table_differences(workspace, programmes, table, view):
            yield f"{table} {line}"
    expected = kpis(programmes, view.at, view.where, view.product)
    for line in document_differences(expected, workspace.kpis(**view.asked_at(workspace))):
        yield f"kpis{line}"


def table_differences(workspace: Workspace, programmes: Sequence[Programme], table: str, view: View) -> Iterator[str]:
    named = [one for one in programmes if view.product in (None, one.settings.product)]
    ignored = NOT_COMPARED_OF_PULLS if table == "pulls" else NOT_COMPARED
    expected = Counter(cells_of(row, ignored) for row in expected_rows(named, table, view))
    found = Counter(cells_of(row, ignored) for row in rows_of(workspace, table, **view.asked_of(table)))
    yield from (f"lacks {told(row)}" for row in (expected - found).elements())
    yield from (f"has   {told(row)}" for row in (found - expected).elements())


def expected_rows(programmes: Sequence[Programme], table: str, view: View) -> list[Row]:
    """The naive model counts a header as line 1; NDJSON has none, and Parquet no lines."""
    rows = TABLES[table](programmes, view.at, view.where)
    if table != "rejected":
        return rows
    pulled = [pull.at for one in programmes for pull, _ in one.rejected if pull.at <= view.at]
    return [row | {"line": line_in(form_at(at), row["line"])} for row, at in zip(rows, pulled, strict=True)]


def line_in(form: str, line: Any) -> Any:
    return {"ndjson": line - 1, "parquet": None}.get(form, line)


def cells_of(row: Row, ignored: set[str]) -> Cells:
    return tuple(sorted((name, comparable(name, cell)) for name, cell in row.items() if name not in ignored))


def comparable(name: str, cell: Any) -> object:
    """A blank of a report's other column may be kept as it is; rejected content is text or already read."""
    if name == "content":
        content = json.loads(cell) if isinstance(cell, str) else cell
        return tuple(sorted((of, text or "") for of, text in content.items()))
    return None if cell == "" else cell


def told(row: Cells) -> str:
    """Without what is missing."""
    return " ".join(f"{name}={shown(cell)}" for name, cell in row if cell is not None)


def shown(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat()
    return f"{cell:.4f}" if isinstance(cell, Decimal) else repr(cell)


def flow_differences(
    workspace: Workspace, programmes: Sequence[Programme], start: datetime, view: View
) -> Iterator[str]:
    """Of the period from `start` to the view's moment, as a whole and month by month."""

    def expected(begins: datetime, ends: datetime) -> dict[str, Any]:
        return period_kpis(programmes, begins, ends, view.where, view.product, workspace.now())

    asked = view.asked()
    at = asked.pop("at")
    for line in document_differences(expected(start, at), workspace.flows(start, at, **asked)):
        yield f"flows{line}"
    for month in workspace.months(start, at, **asked)["months"]:
        name = month.pop("month")
        alone = expected(*(datetime.fromisoformat(month[bound]) for bound in ("from", "to")))
        for line in document_differences({each: alone[each] for each in month}, month):
            yield f"months of {name}{line}"


def trend_differences(workspace: Workspace, programmes: Sequence[Programme], view: View, days: int) -> Iterator[str]:
    expected = trend(programmes, view.at, view.where, view.product, days)
    for line in document_differences(expected, workspace.trend(**view.asked_at(workspace), days=days)):
        yield f"trend{line}"


def document_differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in {**expected, **found}:
            yield from document_differences(expected.get(name), found.get(name), f"{path}.{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from document_differences(one, other, f"{path}[{place}]")
    elif expected != found and not nearly_same(expected, found):
        yield f"{path} is {found!r}, expected {expected!r}"


def nearly_same(expected: object, found: object) -> bool:
    """Of hours the last place may be rounded either way."""
    return isinstance(expected, float) and isinstance(found, float) and abs(expected - found) < 0.0101


def part_differences(workspace: Workspace, view: View, seen_at: datetime | None) -> Iterator[str]:
    """Read in parts, tables of cases have the rows and the order that they have when read whole; `seen_at`: what CSMs
    may see."""
    for table in ("at_risk", "churns", "wins", "readopted", "cases"):
        asked = view.asked() | {"seen_at": seen_at}
        whole = [row for batch in workspace.read(table, **asked).batches for row in batch]
        # Up to a last one without a row.
        offsets = range(0, len(whole) + IN_A_PART, IN_A_PART)
        parts = [workspace.read(table, **asked, span=Span(IN_A_PART, offset)).batches for offset in offsets]
        found = [row for part in parts for batch in part for row in batch]
        if found != whole:
            yield f"{table}: {found} instead of {whole}"
