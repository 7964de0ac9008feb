"""A report that changes while it is read is of two moments, or half of one: it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from winback.errors import ReportRefused

Look = tuple[int, int, int] | None


@contextmanager
def steady(*paths: Path) -> Iterator[None]:
    """Around the reading of files: raises ReportRefused where one is another afterwards, whatever the reading itself
    has made of it. What is no file is not looked at."""
    before = [(path, _look(path)) for path in paths]
    try:
        yield
    except Exception as error:
        for path, look in before:
            _refuse_other(path, look, error)
        raise
    for path, look in before:
        _refuse_other(path, look)


def written(path: Path) -> dt.datetime | None:
    """When a file was last written, to the second; None for what is no file."""
    look = _look(path)
    return None if look is None else dt.datetime.fromtimestamp(look[2] // 10**9, dt.UTC)


def _look(path: Path) -> Look:
    """Which file it is, how long, and written when."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _refuse_other(path: Path, before: Look, error: Exception | None = None) -> None:
    after = _look(path)
    if before is None or after == before:
        return
    what = "was removed while it was read" if after is None else "changed while it was read"
    raise ReportRefused(f"{path.name} {what}: pull again when it is complete") from error
