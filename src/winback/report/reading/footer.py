"""Lines below the rows, as some systems write them: a blank line, then single cells such as the report's title and who
made it."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

from winback.report.dialect import Dialect

_TAIL = 1 << 12


def without_footer(path: Path, dialect: Dialect, folder: Path) -> Path:
    """The file itself where it has no such lines, else one in `folder` that ends before them."""
    end = _end_of_rows(path, dialect) if len(dialect.header) > 1 else None
    if end is None:
        return path
    shorter = folder / "without_footer"
    shutil.copyfile(path, shorter)
    os.truncate(shorter, end)
    return shorter


def _end_of_rows(path: Path, dialect: Dialect) -> int | None:
    """Where the blank line above a footer begins. A row that broke off has no blank line above it; and the last lines
    of a long cell are no cells by themselves."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _TAIL))
        lines = stream.read().splitlines(keepends=True)
    end, below, has_text = None, 0, False
    for line in reversed(lines[1:]):
        if not _is_single(line, dialect):
            return end
        below += len(line)
        if line.strip():
            has_text = True
        elif has_text:
            end = size - below
    return None


def _is_single(line: bytes, dialect: Dialect) -> bool:
    """A line that is one cell, or blank."""
    text = line.decode("utf-8", errors="replace")
    if text.count(dialect.quote) % 2:
        return False
    return len(next(csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote), [])) <= 1
