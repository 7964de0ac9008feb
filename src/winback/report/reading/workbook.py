"""Workbooks: a sheet is written as lines of JSON, so that each cell keeps a type of its own."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

from winback.errors import ReportRefused
from winback.report.mapping import BLANKS, key_of
from winback.report.reading.json import open_cells
from winback.report.reading.opened import OpenedReport
from winback.report.recognise import Recognised

if TYPE_CHECKING:
    from winback.settings import Product

_LOOKED_AT = 100
# Excel keeps so many significant digits; what lies beyond is noise of binary numbers, as in 0.1 + 0.2.
_DIGITS = ".15g"


def recognise_sheet(path: Path, product: Product) -> Recognised:
    """Loads the sheet that is set; else the first whose header has the UID's name, or else the first with any value."""
    first: Recognised | None = None
    try:
        workbook = calamine.load_workbook(str(path))
        for name in _candidates(workbook, path, product):
            found = _recognised(workbook.get_sheet_by_name(name), product)
            if found and _has_uid(found.header, product):
                return found
            first = first or found
    except (calamine.CalamineError, OSError) as error:
        raise ReportRefused(f"{path.name} is not a workbook (.xlsx), or not complete: {error}") from error
    if first is None:
        raise ReportRefused(f"{path.name}: there is no row in it: expected a header and rows")
    return first


def open_sheet(found: Recognised, product: Product, folder: Path) -> OpenedReport:
    above = found.header_row or 1
    written = folder / "sheet.ndjson"
    with written.open("w", encoding="utf-8") as stream:
        for row in itertools.islice(found.loaded.iter_rows(), above, None):
            stream.write(json.dumps([_plain(cell) for cell in row], ensure_ascii=False) + "\n")
    return open_cells(written, list(found.header), above, product)


def _candidates(workbook: calamine.CalamineWorkbook, path: Path, product: Product) -> list[str]:
    """The sheet that is set; else all that can be seen."""
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    if product.sheet is None:
        seen = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
        return [name for name in names if name in seen]
    wanted = key_of(product.sheet)
    chosen = [name for name in names if key_of(name) == wanted]
    if not chosen:
        raise ReportRefused(
            f"{path.name} has no sheet {product.sheet!r} (products.{product.name}.sheet); it has: {', '.join(names)}"
        )
    return chosen


def _recognised(sheet: calamine.CalamineSheet, product: Product) -> Recognised | None:
    """None where the sheet is empty. The header is the first row with the UID's name; else the first row that has at
    least half as many values as the fullest, which a title above has not."""
    rows = [[_name(cell) for cell in row] for row in itertools.islice(sheet.iter_rows(), _LOOKED_AT)]
    values = [sum(map(bool, row)) for row in rows]
    if not any(values):
        return None
    wide = next(place for place, count in enumerate(values) if 2 * count >= max(values))
    place = next((place for place, row in enumerate(rows) if _has_uid(row, product)), wide)
    return Recognised("xlsx", header=tuple(rows[place]), sheet=sheet.name, header_row=place + 1, loaded=sheet)


def _has_uid(header: tuple[str, ...] | list[str], product: Product) -> bool:
    wanted = {key_of(name) for name in product.columns.uid or ("uid",)}
    return any(key_of(name) in wanted for name in header)


def _name(cell: Any) -> str:
    plain = _plain(cell)
    return "" if plain is None else str(plain).strip(BLANKS)


def _plain(cell: Any) -> str | int | float | bool | None:
    """What JSON can say of a cell: whole numbers without a fraction, moments as ISO 8601; an error such as #N/A, which
    is read as blank, is null."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        return int(cell) if cell.is_integer() else float(format(cell, _DIGITS))
    if isinstance(cell, (dt.datetime, dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return bool(cell) if isinstance(cell, bool) else int(cell)
