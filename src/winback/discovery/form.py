"""How an unknown report is written: what the settings have to say of it, and how it is called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from winback.core.texts import quoted
from winback.discovery.encoding import guess_encoding
from winback.report.packed import is_packed

if TYPE_CHECKING:
    from winback.report.recognise import Recognised
    from winback.report.sources import Source

_FORMS = {
    "csv": "CSV",
    "tsv": "TSV",
    "json": "a JSON array",
    "ndjson": "JSON lines",
    "parquet": "Parquet",
    "xlsx": "Excel",
}
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def written_so(source: Source) -> dict[str, str]:
    """The settings `encoding` or `sheet` without which a report could not be read, or not for sure."""
    if source.form == "xlsx":
        sheet = _sheet_of(source.path)
        return {"sheet": sheet} if sheet else {}
    if source.form == "parquet":
        return {}
    encoding = guess_encoding(source.path)
    return {"encoding": encoding} if encoding else {}


def _sheet_of(path: Path) -> str | None:
    """Of several sheets that can be seen the one with most cells; None where there is just one, or nothing to read."""
    import python_calamine as calamine

    try:
        workbook = calamine.load_workbook(str(path))
        seen = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
        sizes = {name: _cells_in(workbook.get_sheet_by_name(name)) for name in seen} if len(seen) > 1 else {}
    except (calamine.CalamineError, OSError):
        return None
    return max(sizes, key=lambda name: sizes[name]) if sizes else None


def _cells_in(sheet: object) -> int:
    return int(getattr(sheet, "height", 0)) * int(getattr(sheet, "width", 0))


def delimiter_of(found: Recognised, form: str) -> dict[str, str]:
    """The setting `delimiter`, where it is not what the file's ending says."""
    expected = "\t" if form == "tsv" else ","
    return {"delimiter": found.dialect.delimiter} if found.dialect and found.dialect.delimiter != expected else {}


def describe(found: Recognised, source: Source) -> str:
    """`CSV in UTF-8, parted by semicolons`"""
    return ", ".join(_parts(found, source))


def _parts(found: Recognised, source: Source) -> Iterator[str]:
    form = _FORMS["tsv" if source.form == "tsv" else found.form]
    is_text = found.form in ("csv", "json", "ndjson")
    yield f"{form} in {_ENCODINGS.get(found.encoding, found.encoding)}" if is_text else form
    if is_packed(source.path):
        yield f"packed as {source.path.suffix.lower()}"
    if found.dialect:
        yield f"parted by {_SIGNS.get(found.dialect.delimiter, quoted(found.dialect.delimiter))}"
    if found.sheet:
        yield f"sheet {quoted(found.sheet)}, header in row {found.header_row}"
