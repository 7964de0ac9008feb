"""How an unknown report is written: what the settings have to say of it, and how it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.core.texts import quoted
from winback.discovery.encoding import guess_encoding
from winback.report.packed import is_packed
from winback.report.sources import with_date

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


def encoding_of(source: Source) -> str | None:
    """The setting `encoding`, where the text is not UTF-8."""
    return None if source.form in ("xlsx", "parquet") else guess_encoding(source.path)


def delimiter_of(found: Recognised, form: str) -> str | None:
    """The setting `delimiter`, where it is not what the file's ending says."""
    expected = "\t" if form == "tsv" else ","
    return found.dialect.delimiter if found.dialect and found.dialect.delimiter != expected else None


def sheet_of(found: Recognised) -> str | None:
    """The setting `sheet`; not of a sheet that has another name every day."""
    return found.sheet if found.sheet and not with_date(found.sheet) else None


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
