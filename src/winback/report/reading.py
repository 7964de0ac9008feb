"""Opening a report: whatever its form, it becomes the view `raw` with the same text columns."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import re
import zlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar, cast

import duckdb

from winback.errors import ReportRefused
from winback.report.engine.duckdb import DuckDB, first_line
from winback.report.mapping import MAPPED, Mapping, map_columns
from winback.report.sources import Source
from winback.report.statements import identifier, literal, parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from winback.settings import Product

T = TypeVar("T")
_HEADER_LIMIT = 1 << 20
_NUMBERS = ("FLOAT", "DOUBLE", "DECIMAL")
_MONEY = ("gmv", "revenue")


class OpenedReport:
    """A report as SQL. `rows`: what to read it from; `text_of(place, ours)`: a column's cell as text, as our column
    `ours` wants it ("" for any other)."""

    def __init__(self, rows: str, header: list[str], text_of: Callable[[int, str], str], product: Product) -> None:
        self.rows = rows
        self.header = header
        self.text_of = text_of
        self._product = product

    @cached_property
    def mapping(self) -> Mapping:
        """Raises ReportRefused where a column is missing: not before it is asked for, since `init --from` opens reports
        of which no column is known."""
        return map_columns(self.header, self._product)

    def select(self, extra: str = "") -> str:
        """The query of the view `raw`: MAPPED as text, `other_columns` as JSON, `whole_row` to tell empty rows."""
        mapped = ", ".join(f"{self._mapped(ours)} as {ours}" for ours in MAPPED)
        every = ", ".join(self.text_of(place, "") for place in range(len(self.mapping.header)))
        whole_row = f"concat_ws('', {every}) as whole_row"
        return f"select {mapped}, {self._others()} as other_columns, {whole_row}{extra} from {self.rows}"

    def content(self) -> str:
        """The whole row as JSON, for the list of rejected rows."""
        pairs = (f"{literal(name)}, {self.text_of(place, '')}" for place, name in enumerate(self.mapping.header))
        return f"cast(json_object({', '.join(pairs)}) as varchar)"

    def _mapped(self, ours: str) -> str:
        place = self.mapping.mapped.get(ours)
        return "cast(null as varchar)" if place is None else self.text_of(place, ours)

    def _others(self) -> str:
        if not self.mapping.others:
            return "cast(null as varchar)"
        pairs = (f"{literal(name)}, {self.text_of(place, '')}" for name, place in self.mapping.others.items())
        return f"cast(json_object({', '.join(pairs)}) as varchar)"


def open_report(engine: DuckDB, source: Source, product: Product) -> OpenedReport:
    """Raises ReportRefused where the file can't be read or lacks a column (rules.md R3.7)."""
    head = _head_of(source.path)
    form = source.form
    if form == "parquet":
        _refuse_unless_parquet(source.path, head)
        rows = f"(select * from {parquet(source.path)})"
        return understood(source, lambda: _open_typed(engine, rows, _names_in(source.path), product))
    if form == "ndjson":
        return _open_ndjson(engine, source, head, product)
    return _open_delimited(source.path, head, form, product)


def open_table(engine: DuckDB, table: pa.Table, product: Product) -> OpenedReport:
    """The same for a table in memory."""
    engine.register("given", table)
    return _open_typed(engine, "given", table.column_names, product)


def understood(source: Source, work: Callable[[], T]) -> T:
    """Runs what reads the report; the engine's complaints about it become one line for a person."""
    try:
        return work()
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.SerializationException) as error:
        raise ReportRefused(f"{source.path.name}: {_plainly(error, source)}") from error
    except duckdb.Error as error:
        raise ReportRefused(f"{source.path.name} can't be read: {first_line(error)}") from error


def _has_mixed_line_ends(source: Source) -> bool:
    if source.form not in ("csv", "tsv"):
        return False
    head = _head_of(source.path)
    return 0 < head.count(b"\r\n") < head.count(b"\n")


def _plainly(error: Exception, source: Source) -> str:
    """Line, found and expected out of the engine's report of a broken file."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    where = next((line.split("CSV Error on ", 1)[1].lower() for line in lines if "CSV Error on " in line), "")
    prefix = f"{where.replace(':', '')}: " if where else ""
    text = str(error)
    if "not utf-8 encoded" in text or "nvalid unicode" in text:
        return f"{prefix}the text is not UTF-8; save the report as UTF-8"
    for line in lines:
        if line.startswith("Expected Number of Columns:"):
            expected, found = (word for word in line.split() if word.isdigit())
            return f"{prefix}expected {expected} columns as in the header, found {found}"
    if "unterminated quote" in text or "invalid state" in text:
        mixed = ", or the line ends are mixed (LF and CRLF)" if _has_mixed_line_ends(source) else ""
        return f"{prefix}a quoted value does not end{mixed}; is the file complete?"
    if malformed := re.search(r"Malformed JSON in file .* in (line \d+)", text):
        return f"{malformed[1]}: this is not a JSON object; is the file complete?"
    return f"can't be read: {lines[0].removeprefix('Invalid Input Error: ')}"


def _open_delimited(path: Path, packed_head: bytes, form: str, product: Product) -> OpenedReport:
    head = _decoded(packed_head, path)
    delimiter = product.delimiter or ("\t" if form == "tsv" else _delimiter_of(head))
    header, line_end = _header(head, delimiter, path)
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    rows = (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, delim = {literal(delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}{line_end})"
    )
    return OpenedReport(rows, header, lambda place, ours: f"c{place}", product)


def _header(head: str, delimiter: str, path: Path) -> tuple[list[str], str]:
    """The names, and what the engine must be told where a name has a line break: it takes the first for the line's
    end."""
    lines = io.StringIO(head, newline="").readlines()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise ReportRefused(f"{path.name}: the header can't be read: {error}") from error
    if not any(name.strip() for name in header):
        raise ReportRefused(f"{path.name}: the first line is blank; expected the names of the columns")
    if reader.line_num == 1:
        return header, ""
    last = lines[reader.line_num - 1]
    return header, ", new_line = '\\r\\n'" if last.endswith("\r\n") else ", new_line = '\\n'"


def _delimiter_of(head: str) -> str:
    """The sign that parts the header most often; a comma when in doubt."""
    line = head.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t|", key=line.count)


def _decoded(head: bytes, path: Path) -> str:
    if b"\0" in head:
        raise ReportRefused(f"{path.name} is not text: expected UTF-8")
    line = head.split(b"\n", 1)[0]
    try:
        return line.decode("utf-8-sig") if b'"' not in line else head.decode("utf-8-sig", errors="ignore")
    except UnicodeDecodeError as error:
        raise ReportRefused(f"{path.name}: line 1: the text is not UTF-8; save the report as UTF-8") from error


def unpacked(path: Path) -> IO[bytes]:
    """The bytes of a report, unpacked as they are read."""
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], gzip.open(path))
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        return cast(IO[bytes], pa.input_stream(str(path), compression="zstd"))
    return path.open("rb")


def _head_of(path: Path) -> bytes:
    try:
        with unpacked(path) as stream:
            head = stream.read(_HEADER_LIMIT)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReportRefused(f"{path.name} can't be unpacked: {error}; is the file complete?") from error
    except OSError as error:
        raise ReportRefused(f"{path.name} can't be read: {error.strerror or error}") from error
    if not head:
        raise ReportRefused(f"{path.name} is empty: expected a report with a header")
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise ReportRefused(
            f"{path.name} is a web page, not a report (a sign-in page, perhaps): expected a header and rows"
        )
    return head


def _refuse_unless_parquet(path: Path, head: bytes) -> None:
    with path.open("rb") as stream:
        stream.seek(-min(path.stat().st_size, 4), os.SEEK_END)
        if (head[:4], stream.read(4)) != (b"PAR1", b"PAR1"):
            raise ReportRefused(f"{path.name} is not a Parquet file, or not complete")


def _open_ndjson(engine: DuckDB, source: Source, head: bytes, product: Product) -> OpenedReport:
    rows = f"read_ndjson_objects({literal(str(source.path))})"
    opening = head.lstrip().split(b"\n", 1)[0].strip()
    other = f"select 1 from {rows} where json_type(json) <> 'OBJECT' limit 1"
    if opening[:1] == b"[" or opening == b"{" or understood(source, lambda: engine.execute(other).fetchone()):
        raise ReportRefused(
            f"{source.path.name}: expected one JSON object a line; save a JSON document as NDJSON (JSON Lines)"
        )
    distinct = f"select list(distinct key order by key) from (select unnest(json_keys(json)) as key from {rows})"
    keys = understood(source, lambda: engine.execute(distinct).fetchone())
    header: list[str] = (keys and keys[0]) or []

    def text_of(place: int, ours: str) -> str:
        pointer = literal("/" + header[place].replace("~", "~0").replace("/", "~1"))
        text = f"json_extract_string(json, {pointer})"
        if ours == "uid":
            whole = f"regexp_replace({text}, '[.]0+$', '')"
            return f"case when json_type(json, {pointer}) = 'DOUBLE' then {whole} else {text} end"
        if ours in _MONEY:
            number = f"case when {text} like '%e%' or {text} like '%E%' then {_spelled_out(text)} else {text} end"
            in_words = f"json_type(json, {pointer}) = 'VARCHAR'"
            return f"case when {in_words} then {text} else {_with_decimal_sign(number, product)} end"
        return text

    return OpenedReport(rows, header, text_of, product)


def _names_in(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    return list(pq.read_schema(path).names)


def _open_typed(engine: DuckDB, rows: str, header: list[str], product: Product) -> OpenedReport:
    """Parquet and tables in memory: cells have types (rules.md R1.1: a whole number `7.0` is `7`). `header`: the
    names as they are; to the engine, names that differ by case alone are the same, so that it gives them others."""
    columns = engine.columns_of(f"select * from {rows}")

    def text_of(place: int, ours: str) -> str:
        name, kind = identifier(columns[place][0]), columns[place][1]
        text = f"cast({name} as varchar)"
        if kind.startswith(_NUMBERS) and ours == "uid":
            whole = f"{name} = trunc({name}) and abs({name}) < 1e38"
            return f"case when {whole} then cast(cast({name} as hugeint) as varchar) else {text} end"
        if kind.startswith(_NUMBERS) and ours in _MONEY:
            exact = text if kind.startswith("DECIMAL") else _spelled_out(name)
            return _with_decimal_sign(exact, product)
        return text

    return OpenedReport(rows, header, text_of, product)


def _spelled_out(number: str) -> str:
    """A binary number as text without an exponent: a typed cell has no notation that could be misread (rules.md
    R3.5)."""
    exact = f"cast(try_cast(try_cast({number} as double) as decimal(38, 10)) as varchar)"
    return f"coalesce({exact}, cast({number} as varchar))"


def _with_decimal_sign(number: str, product: Product) -> str:
    return number if product.decimal == "." else f"replace({number}, '.', ',')"
