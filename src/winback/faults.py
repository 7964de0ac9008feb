"""What goes wrong outside the program, on the disk, in the database or in the engine, as one line for a person."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isfunction
from typing import Any, ParamSpec, TypeVar

from winback.errors import DatabaseFailed, WinbackError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
_AGAIN = "then run the same command again"
_DISK_FULL = f"the disk is full: make room, {_AGAIN}"
_RESTORE = "put it back from a backup (`winback restore`); `winback doctor` checks it"
_MEMORY = f"give it more (workspace.engine_memory), or make room on the disk of workspace.data_dir, {_AGAIN}"
# What the operating system says by number.
_OF_DISK = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: f"this user's share of the disk is full: make room, {_AGAIN}",
    errno.EROFS: f"it is on a file system that can't be written to: make it writable, {_AGAIN}",
    errno.EACCES: f"this user may not do that: give the right to it, {_AGAIN}",
    errno.EPERM: f"this user may not do that: give the right to it, {_AGAIN}",
}
# What a database says, in part → what it means.
_OF_DATABASE = {
    "database is locked": f"another program has locked it and did not let go: end that, {_AGAIN}",
    "disk is full": _DISK_FULL,
    "readonly database": f"it can't be written to: give this user the right to the file and its folder, {_AGAIN}",
    "unable to open": f"the file can't be opened: give this user the right to it and its folder, {_AGAIN}",
    "malformed": f"it is damaged: {_RESTORE}",
    "not a database": f"it is damaged or no database: {_RESTORE}",
    "permission denied": f"this user may not do that in the database: have its owner grant the right, {_AGAIN}",
    "read-only transaction": f"the server only reads, as a standby does: name the one that writes, {_AGAIN}",
    "disk I/O error": f"its disk is full or broken: make room, or mend it, {_AGAIN}",
}


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Raises what disk, database and engine complain of as WinbackError; anything else is a bug, and stays as it is."""
    try:
        yield
    except (WinbackError, BrokenPipeError):
        raise
    except Exception as error:
        if (plain := _plainly(error)) is None:
            raise
        raise plain from error


def plainly(function: Callable[P, R]) -> Callable[P, R]:
    """The same around a function."""

    @wraps(function)
    def plain(*args: P.args, **options: P.kwargs) -> R:
        with in_plain_words():
            return function(*args, **options)

    return plain


def each_plainly(items: Iterator[T]) -> Iterator[T]:
    """The same around what is read bit by bit."""
    with in_plain_words():
        yield from items


def plain_spoken(kind: type[T]) -> type[T]:
    """The same around every public method of a class."""
    for name, method in list(vars(kind).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(kind, name, plainly(method))
    return kind


def _plainly(error: Exception) -> WinbackError | None:
    if isinstance(error, OSError):
        return WinbackError(_of_disk(error))
    if isinstance(error, MemoryError):
        return WinbackError(
            f"this machine's memory is used up: end other programs, or set workspace.engine_memory, {_AGAIN}"
        )
    if _is_of("duckdb", ("Error",), error):
        return WinbackError(of_engine(error))
    if _is_of("django.db", ("OperationalError", "InterfaceError"), error) or _is_damage(error) or _is_denial(error):
        return DatabaseFailed(_of_database(str(error)))
    return None


def _is_of(module: str, kinds: tuple[str, ...], error: Exception) -> bool:
    """Without loading what was not loaded: then the error can't be of it."""
    loaded: Any = sys.modules.get(module)
    return loaded is not None and isinstance(error, tuple(getattr(loaded, kind) for kind in kinds))


def _is_damage(error: Exception) -> bool:
    """SQLite's complaints about a file that is damaged have no kind of their own."""
    loaded: Any = sys.modules.get("django.db")
    return loaded is not None and type(error) is loaded.DatabaseError


def _is_denial(error: Exception) -> bool:
    """PostgreSQL's, for want of a right or from a server that only reads; by its codes, since their kinds are many."""
    return getattr(error.__cause__, "sqlstate", None) in ("42501", "25006")


def _of_disk(error: OSError) -> str:
    told = _OF_DISK.get(error.errno or 0)
    said = error.strerror or str(error)
    place = f"{error.filename}: " if error.filename else ""
    return place + said + (f"; {told}" if told else "")


def of_engine(error: Exception) -> str:
    """What the engine complains of, when that is not what it reads."""
    said = str(error).strip().splitlines()[0].replace('\\"', '"')
    if "No space left" in said:
        place = re.search(r'"(/[^"]+)"', said)
        return f"{place[1] if place else 'the engine'}: No space left on device; {_DISK_FULL}"
    if said.startswith("Out of Memory"):
        return f"the engine: {said}; {_MEMORY}"
    return f"the engine: {said}; `winback doctor` checks the history"


def _of_database(said: str) -> str:
    line = " ".join(said.split())
    told = next((told for part, told in _OF_DATABASE.items() if part in line), None)
    return f"the database: {line}; " + (told or "the same command again goes on from what is recorded")
