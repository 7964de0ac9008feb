"""What a plain reader makes of a report, strictly by the book: RFC 4180, JSON, JSON Lines.

Where the book says nothing (a quote within a bare cell, mixed line ends), it does not judge.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.naive.reading import MAPPED, RawRow, clean_text
from tests.odd.starts import Sheet, Start

DELIMITERS = ",;\t|"
# UTF-32 first: its mark begins as that of UTF-16 does.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8",
}
WESTERN = ("cp1252", "latin-1")


@dataclass(frozen=True)
class Reading:
    """`is_sure`: the product has to come to the same, be it a table or None: to refuse. Else it may refuse, and what it
    reads must be this table, if there is one."""

    sheet: Sheet | None
    is_sure: bool = True


BROKEN, UNSURE = Reading(None), Reading(None, is_sure=False)


class Unclear(Exception):
    """There is no saying what this means."""


def read_plainly(content: bytes, ending: str, encoding: str) -> Reading:
    """`encoding`: as it is set, or `utf-8`, which is not set."""
    form = ending.lower()
    try:
        for packing, unpack in UNPACKERS.items():
            if form.endswith(packing):
                content, form = unpack(content), form.removesuffix(packing)
                if form == ".parquet":
                    raise ValueError("packed in itself")
        if form == ".parquet":
            return _read_parquet(content)
        if form == ".xlsx":
            raise Unclear("no plain reader")
        return READERS[form](_text(content, encoding))
    except (KeyError, ValueError):
        return BROKEN
    except Unclear:
        return UNSURE


def _gunzipped(content: bytes) -> bytes:
    if content.endswith(bytes(8)):
        raise Unclear("padded")
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        first = zlib.decompressobj(31)
        try:
            first.decompress(content)
        except zlib.error:
            raise ValueError("not packed") from error
        if first.eof and first.unused_data:
            raise Unclear("something else follows the packed report") from error
        raise ValueError("cut off") from error


def _unzst(content: bytes) -> bytes:
    unpacked = b""
    while content:
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            unpacked += frame.decompress(content)
        except zstandard.ZstdError as error:
            if unpacked:
                raise Unclear("something else follows the packed report") from error
            raise ValueError("not packed") from error
        if not frame.eof:
            raise ValueError("cut off")
        content = frame.unused_data
    return unpacked


def _text(content: bytes, encoding: str) -> str:
    """Raises ValueError where it is not of that encoding: UnicodeDecodeError is one."""
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    if marked and encoding in WESTERN:
        raise ValueError("a mark against the setting")
    if encoding in WESTERN and any(_is_utf_8(line) for line in content.split(b"\n") if not line.isascii()):
        raise ValueError("mixed encodings")
    text = content.decode(marked or encoding)
    if "\0" in text:
        raise Unclear("NUL") if marked else ValueError("binary")
    return text.removeprefix("\ufeff")


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_csv(text: str) -> Reading:
    first = text.split("\n", 1)[0]
    counts = sorted((first.count(each), each) for each in DELIMITERS)
    if counts[-1][0] == counts[-2][0]:
        raise Unclear("which delimiter?")
    return _delimited(text, counts[-1][1])


def _read_tsv(text: str) -> Reading:
    return _delimited(text, "\t")


def _delimited(text: str, delimiter: str) -> Reading:
    if text.lstrip('"').lower().startswith("sep=") or text.startswith("'"):
        raise Unclear("a dialect that the book does not know")
    rows = _split(text, delimiter)
    if not rows:
        raise ValueError("empty")
    header, *rows = rows
    if not any(clean_text(name) for name in header):
        raise Unclear("no header, or further down")
    # Cells beyond the header do no harm as long as they are empty.
    rows = [row if any(row[len(header) :]) else row[: len(header)] for row in rows if row != [""]]
    if any(len(row) != len(header) for row in rows):
        raise ValueError("ragged")
    return Reading(Sheet(header, rows))


def _split(text: str, delimiter: str) -> list[list[str]]:
    """Cell by cell."""
    sign = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^"{sign}\r\n]*))({sign}|\r\n|\n|\Z)')
    rows: list[list[str]] = [[]]
    ends, place = set(), 0
    while place < len(text) or rows[-1]:
        found = cell.match(text, place)
        if found is None:
            if text[place] == '"' and text.count('"', place) == 1:
                raise ValueError("a quoted cell does not end")
            raise Unclear("a quote or a line end that is out of place")
        quoted, bare, end = found.groups()
        rows[-1].append(quoted.replace('""', '"') if quoted is not None else bare)
        place = found.end()
        if end != delimiter:
            ends |= {end} - {""}
            rows.append([])
    if len(ends) > 1:
        raise Unclear("mixed line ends")
    return rows[:-1]


def _read_json(text: str) -> Reading:
    """An array of objects, or an object a line."""
    if text.lstrip() != text.lstrip(" \t\r\n"):
        raise Unclear("blanks that are none in JSON")
    if text.lstrip().startswith("["):
        objects = [_checked(each) for each in json.loads(text, object_pairs_hook=_pairs)]
    else:
        objects = [_object(line) for line in text.split("\n") if line.strip(" \t\r")]
    if not objects:
        raise ValueError("no header")
    header = list(dict.fromkeys(name for each in objects for name in each))
    return Reading(Sheet(header, [[each.get(name) or "" for name in header] for each in objects]))


def _object(line: str) -> dict[str, str | None]:
    try:
        found = json.loads(line, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise Unclear("several values in a line") from error
        raise
    return _checked(found)


def _checked(found: Any) -> dict[str, str | None]:
    if not isinstance(found, dict):
        raise ValueError("no object")
    if not all(value is None or isinstance(value, str) for value in found.values()):
        raise Unclear("typed cells")
    if re.search("[\ud800-\udfff]", "".join([*found, *filter(None, found.values())])):
        raise Unclear("half a character")
    return found


def _pairs(pairs: list[tuple[str, str | None]]) -> dict[str, str | None]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise Unclear("one name twice")
    return dict(pairs)


def _read_parquet(content: bytes) -> Reading:
    try:
        table = pq.read_table(io.BytesIO(content))
        columns = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unclear("not read by Arrow") from error
    if any(column.type != pa.string() for column in table.columns):
        raise Unclear("other types")
    return Reading(Sheet(table.column_names, [[cell or "" for cell in row] for row in zip(*columns, strict=True)]))


UNPACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": _gunzipped, ".zst": _unzst}
READERS: dict[str, Callable[[str], Reading]] = {
    **dict.fromkeys([".csv", ".txt"], _read_csv),
    ".tsv": _read_tsv,
    **dict.fromkeys([".ndjson", ".json"], _read_json),
}


def mapped_rows(reading: Reading, start: Start) -> tuple[Reading, list[RawRow]]:
    """Rows under our names; a reading that is broken where a column is missing, or there twice."""
    if reading.sheet is None:
        return reading, []
    keys = [(clean_text(name) or "").casefold() for name in reading.sheet.header]
    names = [f"other {place}" for place in range(len(keys))]
    for ours in MAPPED:
        wanted = start.columns.get(ours, ours).casefold()
        is_ignored = ours == "is_product_enabled" and start.settings.mode == "presence"
        if keys.count(wanted) > 1:
            return (UNSURE if is_ignored else BROKEN), []
        if wanted in keys and not is_ignored:
            names[keys.index(wanted)] = ours
        if wanted not in keys and ours in start.columns and not is_ignored:
            return replace(reading, sheet=None), []
    return reading, [dict(zip(names, row, strict=True)) for row in reading.sheet.rows]
