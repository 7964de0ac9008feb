"""What a report is, told from its first bytes: form, encoding, delimiter, quotes; sheet and header of a workbook."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import ReportRefused
from winback.report.dialect import Dialect, recognise_dialect
from winback.report.fetch import too_large
from winback.report.packed import HEAD, head_of
from winback.report.query import NUMBER
from winback.report.sources import Source

if TYPE_CHECKING:
    from winback.settings import Product

UTF_8 = "utf-8"
MOST_COLUMNS = 2000
# One byte of so many is a NUL in UTF-16, even where most letters are not of ASCII.
_AS_MANY = 10
# UTF-32 first: its mark begins like that of UTF-16.
_MARKS = {
    codecs.BOM_UTF8: UTF_8,
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NOT_TEXT = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet", b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}


@dataclass(frozen=True)
class Recognised:
    """`form`: csv, ndjson, json (an array), parquet or xlsx. `encoding`: Python's name of it, for text. `header`: where
    the first lines tell it. `sheet`, `header_row` (from 1): of a workbook; `written`: its rows, as lines of JSON.
    `numbers`: places of columns of text whose cells are numbers, in the result of a query."""

    form: str
    encoding: str = UTF_8
    dialect: Dialect | None = None
    header: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int | None = None
    written: Path | None = None
    numbers: frozenset[int] = frozenset()


def recognise(source: Source, product: Product, folder: Path | None = None) -> Recognised:
    """What the settings of the product say counts; a product of defaults says nothing. Raises ReportRefused where the
    file is not what its name says, is too large, or can't be read. `folder`: where a workbook's rows are written."""
    path, form = source.path, source.form
    head = head_of(path)
    _refuse_large(path, product)
    _refuse_web_page(path, head)
    if form == "xlsx":
        return _recognise_sheet(path, product, folder)
    if form == "parquet":
        _refuse_unless_parquet(path, head)
        return _recognise_parquet(path, product)
    _refuse_other_forms(path, head)
    encoding = _encoding_of(head, path, product)
    text = _start_of(head, encoding, path, product)
    if form in ("json", "ndjson"):
        return Recognised(_form_of_json(text, path), encoding)
    dialect = recognise_dialect(text, path.name, product.delimiter or ("\t" if form == "tsv" else None))
    refuse_many_columns(path.name, len(dialect.header))
    return Recognised("csv", encoding, dialect, dialect.header)


def _recognise_sheet(path: Path, product: Product, folder: Path | None) -> Recognised:
    from winback.report.reading.workbook import find_sheet

    written = folder and folder / "sheet.ndjson"
    sheet = find_sheet(path, product, written)
    refuse_many_columns(path.name, len(sheet.header))
    return Recognised(
        "xlsx", header=tuple(sheet.header), sheet=sheet.name, header_row=sheet.header_row, written=written
    )


def _refuse_large(path: Path, product: Product) -> None:
    if path.stat().st_size > product.max_report_bytes:
        raise ReportRefused(too_large(path, product))


def refuse_many_columns(name: str, count: int) -> None:
    if count > MOST_COLUMNS:
        raise ReportRefused(f"{name} has {count:,} columns: expected a report with at most {MOST_COLUMNS:,}")


def _encoding_of(head: bytes, path: Path, product: Product) -> str:
    marked = next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), None)
    if product.encoding is None:
        return marked or UTF_8
    given = codecs.lookup(product.encoding).name.removesuffix("-sig")
    if marked and not given.startswith(marked):
        raise ReportRefused(
            f"{path.name}: line 1: the file begins with the mark of {marked.upper()}, but"
            f' {product.key}.encoding is "{product.encoding}": leave the setting out'
        )
    return marked or given


def _start_of(head: bytes, encoding: str, path: Path, product: Product) -> str:
    """The first lines as text. Only the first line need be right here: any other is named where all are read."""
    if b"\0" in head and not encoding.startswith(("utf-16", "utf-32")):
        raise ReportRefused(_with_nul(head, path, product))
    line = head.split(b"\n", 1)[0]
    if encoding == UTF_8 and len(line) < HEAD:
        try:
            line.decode(UTF_8)
        except UnicodeDecodeError as error:
            raise ReportRefused(f"{path.name}: line 1: {not_utf_8(product)}") from error
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == UTF_8 else encoding)(errors="replace")
    try:
        text = decoder.decode(head)
    except UnicodeError as error:
        raise ReportRefused(f"{path.name}: {_without_mark(encoding, product)}") from error
    return text[: text.rfind("\n") + 1] or text if len(head) == HEAD else text


def _with_nul(head: bytes, path: Path, product: Product) -> str:
    """UTF-16 has a NUL for every letter, digit and comma of ASCII; a single one is a slip of the export."""
    expected = product.encoding or "UTF-8"
    if head.count(b"\0") * _AS_MANY > len(head):
        hint = f'where it is UTF-16 without its mark, set {product.key}.encoding = "utf-16-le"'
        return f"{path.name} is not text: expected {expected}; {hint}"
    line = head.count(b"\n", 0, head.index(b"\0")) + 1
    return f"{path.name}: line {line}: a NUL byte is not text: expected {expected}; is the file damaged?"


def _without_mark(encoding: str, product: Product) -> str:
    """Python reads UTF-16 and UTF-32 without a mark in neither order of bytes."""
    return (
        f"the file has no byte-order mark, which {encoding} is read by: set"
        f' {product.key}.encoding = "{encoding}-le", or "{encoding}-be"'
    )


def not_utf_8(product: Product) -> str:
    return (
        f"the text is not UTF-8; save the report as UTF-8, or say how all of it is written, such as"
        f' {product.key}.encoding = "cp1252"'
    )


def _form_of_json(text: str, path: Path) -> str:
    """An array of objects, or an object a line."""
    start = text.lstrip()
    if start[:1] == "[":
        return "json"
    if start[:1] != "{" or re.match(r"\{\s*\n", start):
        raise ReportRefused(
            f"{path.name}: expected one JSON object a line, or one array of objects; found"
            f" {'a document over several lines' if start[:1] == '{' else repr(start[:20])}"
        )
    return "ndjson"


def _recognise_parquet(path: Path, product: Product) -> Recognised:
    """Its size unpacked is told by the file, which may lie, and by its rows, each cell of which is a byte at least."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path)
        schema = found.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        raise ReportRefused(f"{path.name} is not a Parquet file, or not complete") from error
    refuse_many_columns(path.name, found.num_columns)
    unpacked = sum(found.row_group(place).total_byte_size for place in range(found.num_row_groups))
    if max(unpacked, found.num_rows * found.num_columns) > product.max_report_bytes:
        raise ReportRefused(too_large(path, product))
    numbers = frozenset(
        place for place, column in enumerate(schema) if NUMBER.items() <= (column.metadata or {}).items()
    )
    return Recognised("parquet", header=tuple(schema.names), numbers=numbers)


def _refuse_unless_parquet(path: Path, head: bytes) -> None:
    with path.open("rb") as stream:
        stream.seek(-min(path.stat().st_size, 4), os.SEEK_END)
        if (head[:4], stream.read(4)) != (b"PAR1", b"PAR1"):
            raise ReportRefused(f"{path.name} is not a Parquet file, or not complete")


def _refuse_web_page(path: Path, head: bytes) -> None:
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise ReportRefused(
            f"{path.name} is a web page, not a report (a sign-in page, perhaps): expected a header and rows"
        )


def _refuse_other_forms(path: Path, head: bytes) -> None:
    for start, ending in _NOT_TEXT.items():
        if head.startswith(start):
            raise ReportRefused(f"{path.name} is not text: it begins as a {ending} file does; should its name end so?")
