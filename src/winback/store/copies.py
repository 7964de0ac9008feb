"""Copies of the columns that figures are made of, in Parquet, beside the database that they are of.

A copy is never changed. From when one is begun, triggers of the database note in `touched` which accounts are written
about; what was touched after a copy's mark is read from the database, and takes the place of what the copy has.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, OperationalError
from filelock import FileLock, Timeout

from winback.durable import make_durable
from winback.store import database
from winback.store.database import Row

TABLES = ("cases", "adoptions", "claims", "answers")
NAMED = ("csms", "regions")
# Cases from which on reading them all takes longer than a person likes to wait, and rows of `touched`.
_MANY = 100_000
_MANY_TOUCHED = 20_000
# Of the tables in a copy: another program's copy may have others.
_FORMAT = "3"
# Seconds for which a folder that is no copy any more may still be read, or be filled by somebody.
_IN_USE = 3600


@dataclass(frozen=True)
class Copy:
    """`mark`: of the last row of `touched` that it has."""

    folder: Path
    mark: int

    def file(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    @property
    def files(self) -> list[Path]:
        return [self.file(name) for name in (*TABLES, *NAMED)]

    def written(self) -> tuple[tuple[int, int], ...]:
        """Tells files that somebody has put in the place of others."""
        found = [path.stat() for path in self.files]
        return tuple((each.st_size, each.st_mtime_ns) for each in found)


def folder_in(data: Path) -> Path:
    """No product has a dot in its name."""
    return data / ".columns"


def find(data: Path) -> Copy | None:
    """The copy of the database that is open, where this machine and this program have it."""
    for name, mark in database.rows("copied", {}):
        copy = Copy(folder_in(data) / name, mark)
        if name.startswith(f"{_FORMAT}-") and all(file.is_file() for file in copy.files):
            return copy
    return None


def is_due(data: Path) -> bool:
    """Whether figures would be asked much faster of a new copy."""
    copy = find(data)
    if copy is None:
        return bool(database.rows("has_many_cases", {"many": _MANY}))
    ((touched,),) = database.rows("count_touched", {"mark": copy.mark})
    return bool(touched > _MANY_TOUCHED)


def last_seen(copy: Copy | None) -> tuple[int, int]:
    """Number and nonce of the last row of `touched`; of a copy's mark where it has them all."""
    for number, nonce in database.rows("last_touched", {}):
        return int(number), int(nonce)
    return (copy.mark if copy else 0), 0


@contextmanager
def making(data: Path, carry_over: Callable[[Copy, Copy], None]) -> Iterator[Copy | None]:
    """A new copy, to be filled; from then on it is the one to use. None where another process makes one, or somebody
    has been writing for long. `carry_over`: takes into it what is of use of the one before."""
    folder = folder_in(data)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(folder / "lock", timeout=0))
            known, mark = _begin()
        except (Timeout, OperationalError):
            yield None
            return
        before, copy = find(data), Copy(folder / f"{_FORMAT}-{uuid.uuid4().hex}", mark)
        try:
            copy.folder.mkdir()
            yield copy
            _finish(copy, before, carry_over)
            _take(copy, known)
        finally:
            _forget_begun()
            _remove_unused(data, before)


def forget(copy: Copy) -> None:
    """One that can't be read."""
    shutil.rmtree(copy.folder, ignore_errors=True)


def _begin() -> tuple[Row, int]:
    """Everything written from now on is noted. What is known of the newest copy, and the mark of what was noted until
    now."""
    with database.writing():
        database.let_others_finish("cases", "adoptions", "owners", "claims", "activities", "notifications", "feedback")
        database.execute("begin_copy", {})
        (known,) = database.rows("known_copy", {})
        return known, max(last_seen(None)[0], known[1])


def _finish(copy: Copy, before: Copy | None, carry_over: Callable[[Copy, Copy], None]) -> None:
    if before is not None:
        carry_over(before, copy)
    for path in (*copy.files, copy.folder, copy.folder.parent):
        make_durable(path)


def _take(copy: Copy, known: Row) -> None:
    """Where another machine has taken one of its own meanwhile, what this one lacks is not noted any more."""
    name, mark = known
    taken = {"name": copy.folder.name, "mark": copy.mark, "known": name, "known_mark": mark}
    with database.writing():
        if database.execute("take_copy", taken):
            database.execute("forget_touched", {"mark": copy.mark})


def _forget_begun() -> None:
    """Where nothing came of the first one, nothing is noted for nothing."""
    with suppress(DatabaseError), database.writing():
        if database.execute("forget_begun_copy", {}):
            database.execute("forget_touched", {"mark": last_seen(None)[0]})


def _remove_unused(data: Path, before: Copy | None) -> None:
    used = {copy.folder for copy in (find(data), before) if copy}
    for folder in folder_in(data).glob(f"*-{'[0-9a-f]' * 32}"):
        with suppress(OSError):
            if folder not in used and folder.stat().st_mtime < time.time() - _IN_USE:
                shutil.rmtree(folder)
