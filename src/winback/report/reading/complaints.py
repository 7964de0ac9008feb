"""What the engine says of a broken report, as one line for a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import duckdb

from winback.errors import ReportRefused
from winback.report.engine.duckdb import first_line
from winback.report.packed import chunks_of, head_of
from winback.report.reading.opened import LONGEST_ROW
from winback.report.recognise import not_utf_8
from winback.report.sources import Source

if TYPE_CHECKING:
    from winback.settings import Product

T = TypeVar("T")


def understood(source: Source, product: Product, work: Callable[[], T]) -> T:
    """Runs what reads the report; the engine's complaints about it become ReportRefused."""
    try:
        return work()
    except duckdb.ConversionException as error:
        # Cells are text: nothing but a condition converts them so that it fails.
        hint = f" (in {product.key}.filter? cells are text: try_cast is safe)" if product.filter else ""
        raise ReportRefused(f"{source.path.name} can't be read: {first_line(error)}{hint}") from error
    except (duckdb.InvalidInputException, duckdb.SerializationException) as error:
        raise ReportRefused(f"{source.path.name}: {_plainly(error, source, product)}") from error
    except duckdb.Error as error:
        raise ReportRefused(f"{source.path.name} can't be read: {first_line(error)}") from error


def _plainly(error: Exception, source: Source, product: Product) -> str:
    """Line, found and expected out of the engine's report of a broken file."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    where = next((line.split("CSV Error on ", 1)[1].lower() for line in lines if "CSV Error on " in line), "")
    prefix = f"{where.replace(':', '')}: " if where else ""
    text = str(error)
    if "not utf-8 encoded" in text or "nvalid unicode" in text:
        return f"{prefix}{not_utf_8(product)}"
    if "maximum line size" in text.lower() or "maximum_object_size" in text:
        return f"{prefix}a row has more than {LONGEST_ROW:,} bytes: is a quoted value open, or is this no report?"
    for line in lines:
        if line.startswith("Expected Number of Columns:"):
            expected, found = (word for word in line.split() if word.isdigit())
            cut = ", and it is the last line: is the file complete?" if _breaks_off(source, where) else ""
            return f"{prefix}expected {expected} columns as in the header, found {found}{cut}"
    if "unterminated quote" in text or "invalid state" in text:
        return f"{prefix}a quoted value does not end{_or_mixed_line_ends(source)}; is the file complete?"
    if malformed := re.search(r"Malformed JSON in file .* in (line \d+)", text):
        return f"{malformed[1]}: this is not a JSON object; is the file complete?"
    if malformed := re.search(r"Malformed JSON in file .* in record/value (\d+)", text):
        return f"the JSON breaks off or is wrong after {int(malformed[1]) - 2:,} objects; is the file complete?"
    return f"can't be read: {lines[0].removeprefix('Invalid Input Error: ')}"


def _or_mixed_line_ends(source: Source) -> str:
    if source.form not in ("csv", "tsv"):
        return ""
    ends = [line.endswith(b"\r") for line in head_of(source.path).split(b"\n")[:-1]]
    odd = next((line for line, end in enumerate(ends, 1) if end != ends[0]), None)
    return f", or the line ends are mixed (LF and CRLF; line {odd} ends otherwise than line 1)" if odd else ""


def _breaks_off(source: Source, where: str) -> bool:
    """Whether a line, `line: 31`, is the last one and does not end."""
    if source.form not in ("csv", "tsv"):
        return False
    lines, last = 1, b""
    for chunk in chunks_of(source.path):
        lines, last = lines + chunk.count(b"\n"), chunk[-1:]
    return last != b"\n" and where == f"line: {lines}"
