"""How an unknown report is written: what the settings have to say of it, and how it is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.core.texts import quoted
from winback.discovery.encoding import guess_encoding
from winback.errors import ReportRefused
from winback.report.dialect import DELIMITERS, Dialect, cells_of
from winback.report.packed import head_of, is_packed
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


def refuse_titles(found: Recognised, source: Source) -> None:
    """Raises ReportRefused where the first line is a title and not the header: a workspace made of it would work, and
    be wrong."""
    if found.dialect is None:
        return
    if 2 * sum(not name.strip() for name in found.header) > len(found.header):
        what = "most columns have no name"
    elif _is_title(head_of(source.path).decode(found.encoding, "replace"), found.dialect):
        what = "one column only"
    else:
        return
    raise ReportRefused(
        f"{source.path.name}: {what}: are there lines above the header? Expected the names of the columns in the first"
        " line: export without a title, or take it out"
    )


def _is_title(text: str, dialect: Dialect) -> bool:
    """A first line of one cell, where most lines below have as many cells, several, as each other; a list of accounts
    may be one column."""
    if len(dialect.header) > 1:
        return False
    below = [Counter(cells_of(text, sign, dialect.quote)[1:]).most_common(1) for sign in DELIMITERS]
    return any(count and count[0][0] > 1 for count in below)


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
