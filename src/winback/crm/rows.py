"""A table of activities, one a row: a file, or what a query gave. Read as reports are, into records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from winback.core.activities import Owner, Record
from winback.core.moments import from_micros
from winback.crm.cells import Reader
from winback.errors import ReportRefused, SettingsError
from winback.report.clean import moment_of, trimmed
from winback.report.engine.duckdb import DuckDB
from winback.report.mapping import BLANKS, key_of
from winback.report.reading import OpenedReport, open_report, understood
from winback.report.sources import Source
from winback.report.statements import Sql, literal, statement
from winback.settings.crm_sections import CrmColumns

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from winback.settings.sections import Export

_COLUMNS = tuple(field.name for field in msgspec.structs.fields(CrmColumns))
_MOMENTS = ("occurred_at", "logged_at", "modified_at")
_TEXTS = tuple(name for name in _COLUMNS if name not in _MOMENTS)
# As the UID of a report: a whole number in a typed cell is written without a fraction (rules.md R1.1).
_IDS = ("external_id", "uid", "account_ref", "owner_ref")
_ONE_OF = (("external_id",), ("kind",), ("occurred_at",), ("uid", "account_ref"))
_OWNER = ("owner_email", "owner_name", "owner_ref")
Batch = tuple[list[Record], list[Owner], dict[str, int]]


def read_rows(
    source: Source, export: Export, columns: CrmColumns, reader: Reader, tz: ZoneInfo, folder: Path
) -> Iterator[Batch]:
    """Records, whom they name, and what is odd, some thousands at a time. `folder`: for what has to be written anew.
    Raises ReportRefused or SettingsError where it is no such table."""
    with DuckDB([*source.files, source.path], folder) as engine:
        opened = open_report(engine, source, export, folder)
        query = _query(opened, _places(opened, export, columns), str(tz))
        batches = engine.stream(query)
        while batch := understood(source, export, lambda: next(batches, None)):
            yield _records(batch, reader)


def _records(batch: list[tuple[object, ...]], reader: Reader) -> Batch:
    reader.owners.clear()
    reader.remarks.clear()
    records = []
    for row in batch:
        cells = dict(zip((*_TEXTS, *_MOMENTS), row, strict=True))
        moments = {name: _moment(cells.pop(name)) for name in _MOMENTS}
        record = reader.read(cells, moments)  # type: ignore[arg-type]
        records += [] if record is None else [record]
    return records, list(reader.owners.values()), dict(reader.remarks)


def _moment(micros: object) -> dt.datetime | None:
    return None if micros is None else from_micros(micros)  # type: ignore[arg-type]


def _places(opened: OpenedReport, export: Export, columns: CrmColumns) -> dict[str, int]:
    """Our name → place of the table's column."""
    keys = [key_of(name) for name in opened.header]
    found = {name: place for name in _COLUMNS if (place := _place(name, keys, opened, export, columns)) is not None}
    for names in (*_ONE_OF, _OWNER):
        if not any(name in found for name in names):
            raise ReportRefused(
                f"{opened.product.key}: expected a column {' or '.join(names)}; there are: {_shown(opened)}."
                f"{_hint(export)}"
            )
    return found


def _place(name: str, keys: list[str], opened: OpenedReport, export: Export, columns: CrmColumns) -> int | None:
    wanted: tuple[str, ...] | None = getattr(columns, name)
    for each in wanted or (name,):
        if key_of(each) in keys:
            return keys.index(key_of(each))
    if wanted is None:
        return None
    raise SettingsError(f"{export.key}.columns.{name}: there is no such column; there are: {_shown(opened)}")


def _hint(export: Export) -> str:
    return " Name it in the query" if export.query is not None else f" Set {export.key}.columns"


def _shown(opened: OpenedReport) -> str:
    return ", ".join(name.strip(BLANKS) or "(blank)" for name in opened.header)


def _query(opened: OpenedReport, places: dict[str, int], tz: str) -> str:
    """All cells as trimmed text, moments as microseconds."""

    def cell(name: str) -> str:
        if name not in places:
            return f"cast(null as varchar) as {name}"
        return f"{opened.text_of(places[name], 'uid' if name in _IDS else '')} as {name}"

    raw = f"select {', '.join(map(cell, _COLUMNS))} from {opened.rows}"
    texts = ", ".join(f"{trimmed(name)} as {name}" for name in _TEXTS)
    spelled = ", ".join(f"{statement('spelled', cell=trimmed(name))} as {name}" for name in _MOMENTS)
    moments = ", ".join(f"{moment_of(Sql(name), dt.time(0), tz)} as {name}" for name in _MOMENTS)
    clean = f"select {texts}, {spelled} from ({raw}) as raw"
    has_value = f"concat_ws('', {', '.join(_COLUMNS)}) <> {literal('')}"
    return f"select {', '.join(_TEXTS)}, {moments} from ({clean}) as clean where {has_value}"
