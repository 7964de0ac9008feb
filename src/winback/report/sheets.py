"""Reads a sheet of a workbook, as a process of its own: a workbook is unpacked in memory, and one that was made to be
boundless must not take this machine with it.

Told by one argument, JSON with the fields of `Wanted`; answers on standard output with those of `Sheet`, or with what
is wrong as `{"refused": "…"}`.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import python_calamine as calamine

from winback.errors import ReportRefused
from winback.report.mapping import BLANKS, key_of

MEMORY = 4 << 30
_LOOKED_AT = 100
_PIECE = 1 << 16
# Rows at the end of a sheet that may be its footer, blank ones too.
_LONGEST_FOOTER = 100
# Excel keeps so many significant digits; what lies beyond is noise of binary numbers, as in 0.1 + 0.2.
_DIGITS = ".15g"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_BROKEN = "not a workbook (.xlsx), or not complete"


@dataclass(frozen=True)
class Wanted:
    """`name`: the sheet's, if it is known; `uid`: what the UID's column may be called; `written`: where to write the
    rows to, each as a line with a JSON array of its cells; `limit`: so many bytes may it be, unpacked or written."""

    path: str
    name: str | None
    uid: list[str]
    limit: int
    written: str | None = None


@dataclass(frozen=True)
class Sheet:
    """`header_row`: counted from 1."""

    name: str
    header_row: int
    header: list[str]


def main() -> None:
    _limit_memory()
    try:
        answer = asdict(read_sheet(Wanted(**json.loads(sys.argv[1]))))
    except ReportRefused as error:
        answer = {"refused": str(error)}
    sys.stdout.write(json.dumps(answer))


def read_sheet(wanted: Wanted) -> Sheet:
    """The sheet that is named; else the first whose header has the UID's name, or else that with the most columns,
    which a cover sheet has not."""
    widest: tuple[Sheet, calamine.CalamineSheet] | None = None
    try:
        _refuse_other(wanted)
        _refuse_bomb(wanted)
        workbook = calamine.load_workbook(wanted.path)
        for name in _candidates(workbook, wanted):
            loaded = workbook.get_sheet_by_name(name)
            found = _recognised(loaded, wanted)
            if found and _has_uid(found.header, wanted):
                return _written(found, loaded, wanted)
            if found and (widest is None or _columns_of(found) > _columns_of(widest[0])):
                widest = found, loaded
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error) as error:
        raise ReportRefused(f"{_BROKEN}: {error}") from error
    if widest is None:
        raise ReportRefused("there is no row in it: expected a header and rows")
    return _written(*widest, wanted)


def _limit_memory() -> None:
    """Where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _refuse_other(wanted: Wanted) -> None:
    with Path(wanted.path).open("rb") as file:
        if file.read(len(_COMPOUND)) == _COMPOUND:
            raise ReportRefused("it is locked with a password, or an old workbook (.xls): save it as .xlsx, unlocked")


def _refuse_bomb(wanted: Wanted) -> None:
    """Unpacks every part, whatever size its entry claims, and keeps nothing."""
    total = 0
    with Path(wanted.path).open("rb") as file, zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            for size in _unpacked_sizes(file, part):
                total += size
                if total > wanted.limit:
                    raise ReportRefused(f"more than {wanted.limit:,} bytes when it is unpacked")


def _unpacked_sizes(file: Any, part: zipfile.ZipInfo) -> Iterator[int]:
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"the part {part.filename!r} is packed in a way that Excel does not use")
    file.seek(part.header_offset + 26)
    lengths = file.read(4)
    file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    left, inflater = part.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (packed := file.read(min(left, _PIECE))):
        left -= len(packed)
        if part.compress_type == zipfile.ZIP_STORED:
            yield len(packed)
            continue
        while packed and not inflater.eof:
            yield len(inflater.decompress(packed, 1 << 20))
            packed = inflater.unconsumed_tail


def _candidates(workbook: calamine.CalamineWorkbook, wanted: Wanted) -> list[str]:
    """The sheet that is named; else all that can be seen."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    if wanted.name is None:
        return [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
    chosen = [sheet.name for sheet in sheets if key_of(sheet.name) == key_of(wanted.name)]
    if not chosen:
        raise ReportRefused(f"there is no sheet {wanted.name!r}; it has: {', '.join(sheet.name for sheet in sheets)}")
    return chosen


def _recognised(sheet: calamine.CalamineSheet, wanted: Wanted) -> Sheet | None:
    """None where the sheet is empty. The header is the first row with the UID's name; else the first row that has at
    least half as many values as the fullest, which a title above has not."""
    rows = [[_name(cell) for cell in row] for row in itertools.islice(sheet.iter_rows(), _LOOKED_AT)]
    values = [sum(map(bool, row)) for row in rows]
    if not any(values):
        return None
    full = next(place for place, count in enumerate(values) if 2 * count >= max(values))
    place = next((place for place, row in enumerate(rows) if _has_uid(row, wanted)), full)
    return Sheet(sheet.name, place + 1, rows[place])


def _columns_of(sheet: Sheet) -> int:
    return sum(map(bool, sheet.header))


def _has_uid(header: list[str], wanted: Wanted) -> bool:
    names = {key_of(name) for name in wanted.uid}
    return any(key_of(name) in names for name in header)


def _written(found: Sheet, loaded: calamine.CalamineSheet, wanted: Wanted) -> Sheet:
    if wanted.written is None:
        return found
    size = 0
    with Path(wanted.written).open("w", encoding="utf-8") as stream:
        rows = (list(map(_plain, row)) for row in itertools.islice(loaded.iter_rows(), found.header_row, None))
        for row in _without_footer(rows) if _columns_of(found) > 1 else rows:
            size += stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            if size > wanted.limit:
                raise ReportRefused(f"more than {wanted.limit:,} bytes in the sheet {found.name!r}")
    return found


def _without_footer(rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """As of delimited text: no blank row and single cells below it at the end. Where a row above is a single cell, too,
    those below may be accounts."""
    held: list[list[Any]] = []
    may_end = True
    for row in rows:
        values = sum(cell is not None for cell in row)
        if may_end and values < 2 and (held or not values) and len(held) < _LONGEST_FOOTER:
            held.append(row)
            continue
        may_end = may_end and values > 1
        yield from held
        held.clear()
        yield row


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


if __name__ == "__main__":
    main()
