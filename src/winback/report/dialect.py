"""How delimited text is written, told from its first lines: delimiter, quotes, the names of the columns."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.errors import ReportRefused

if TYPE_CHECKING:
    from _csv import Reader

# Of two that part all lines alike, the first: names and amounts have commas, few have semicolons, none a tab.
DELIMITERS = "\t;|,"
_LOOKED_AT = 50
# As many characters hold so many rows, but for very long ones.
_SAMPLE = 1 << 16
# The line that tells Excel the delimiter.
_SEP = re.compile(r'"?sep=(?P<sign>[^"\r\n])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """`skipped`: the lines above the header; `above`: those above the first row; `line_end`: where a name has a line
    break, the end of lines proper, which the engine must be told then."""

    delimiter: str
    quote: str
    escape: str
    header: tuple[str, ...]
    skipped: int
    above: int
    line_end: str | None = None


def recognise_dialect(head: str, file_name: str, given: str | None = None) -> Dialect:
    """`head`: how the text begins; `given`: the delimiter, where it is known. Raises ReportRefused where the header
    can't be read."""
    sep = _SEP.match(head)
    text = head[sep.end() :] if sep else head
    sample = text[: max(_SAMPLE, 2 * text.find("\n"))]
    quote = _quote_of(sample)
    delimiter = given or (sep["sign"] if sep else _delimiter_of(sample, quote))
    escape = _escape_of(sample, delimiter, quote)
    lines = io.StringIO(text, newline="")
    reader = _reader(lines, delimiter, quote, escape)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise ReportRefused(f"{file_name}: {_plainly(error)}") from error
    if not any(name.strip() for name in header):
        raise ReportRefused(f"{file_name}: the first line is blank; expected the names of the columns")
    taken = text[: lines.tell()]
    skipped, above = (1 if sep else 0), taken.rstrip("\r\n").count("\n") + 1
    line_end = None if reader.line_num == 1 else "\r\n" if taken.endswith("\r\n") else "\n"
    return Dialect(delimiter, quote, escape, tuple(header), skipped, skipped + above, line_end)


def _plainly(error: csv.Error) -> str:
    if "field limit" in str(error):
        most = f"a name in the header has more than {csv.field_size_limit():,} characters"
        return f"{most}: is a quoted value open, or is this no report?"
    return f"the header can't be read: {error}"


def _quote_of(text: str) -> str:
    """A single quotation mark where the first line begins and ends with one."""
    line = text.split("\n", 1)[0].strip()
    return "'" if len(line) > 1 and line[0] == line[-1] == "'" else '"'


def _delimiter_of(text: str, quote: str) -> str:
    """The sign that parts the header into several cells, all rows into as many, and into the most."""

    def rank(sign: str) -> tuple[bool, bool, int]:
        cells = cells_of(text, sign, quote)
        return cells[0] > 1, len(set(cells)) == 1, cells[0]

    return max(DELIMITERS, key=rank)


def cells_of(text: str, delimiter: str, quote: str) -> list[int]:
    """How many cells the header and the first rows have."""
    rows = _reader(io.StringIO(text, newline=""), delimiter, quote, quote, strict=False)
    counts = [len(row) for row in itertools.islice(_readable(rows), _LOOKED_AT) if row]
    return counts or [0]


def _escape_of(text: str, delimiter: str, quote: str) -> str:
    r"""A quotation mark within quotes is doubled; or written `\"`, where only that can be read."""
    if f"\\{quote}" not in text:
        return quote
    read = {escape: _rows_read(text, delimiter, quote, escape) for escape in (quote, "\\")}
    return max(read, key=lambda escape: read[escape])


def _rows_read(text: str, delimiter: str, quote: str, escape: str) -> int:
    rows = _reader(io.StringIO(text, newline=""), delimiter, quote, escape)
    return sum(1 for _ in itertools.islice(_readable(rows), _LOOKED_AT))


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows before the first that can't be read."""
    with contextlib.suppress(csv.Error):
        yield from rows


def _reader(lines: Iterable[str], delimiter: str, quote: str, escape: str, strict: bool = True) -> Reader:
    is_doubled = escape == quote
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote,
        doublequote=is_doubled,
        escapechar=None if is_doubled else escape,
        strict=strict,
    )
