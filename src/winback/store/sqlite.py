"""What SQLite alone needs: a file inside the process, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, OperationalError, connection
from django.db.backends.utils import CursorWrapper

from winback.errors import DatabaseMismatch
from winback.settings.address import SqliteFile

# Four processes on one file met hundreds of "database is locked" with Django's defaults, and none with these.
OPTIONS = {
    "timeout": 60,
    "transaction_mode": "IMMEDIATE",
    "init_command": "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma"
    " temp_store = memory;",
}


def django_settings(address: SqliteFile) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(address.path), "OPTIONS": OPTIONS}


def refuse_unfit(address: SqliteFile) -> None:
    if not address.path.exists():
        raise DatabaseMismatch(
            f"there is no database at {address}: put it back from a backup; or start anew with `winback migrate`"
        )


def make_room(address: SqliteFile) -> bool:
    """Before the database is made or brought up to date: whether there is one."""
    address.path.parent.mkdir(parents=True, exist_ok=True)
    return address.path.exists()


@contextmanager
def saying_damage(address: SqliteFile) -> Iterator[None]:
    try:
        yield
    except OperationalError:
        raise
    except DatabaseError as error:
        raise DatabaseMismatch(
            f"{address} is damaged or not a database ({error}): put it back from a backup"
        ) from error


def damage(cursor: CursorWrapper) -> str | None:
    """What is wrong with the file; reads it whole."""
    cursor.execute("pragma quick_check(1)")
    (found,) = cursor.fetchone()
    return None if found == "ok" else " ".join(str(found).split())


def take_turn(_: CursorWrapper) -> None:
    """A transaction that writes has its turn from the beginning: see `transaction_mode`."""


@contextmanager
def of_one_moment() -> Iterator[None]:
    """Without the turn to write, which `transaction_mode` would take."""
    with connection.cursor() as cursor:
        cursor.execute("begin deferred")
        try:
            yield
        finally:
            # After some errors SQLite has done so itself.
            if connection.connection.in_transaction:
                cursor.execute("rollback")


def let_others_finish(_: CursorWrapper, __: Iterable[str]) -> None:
    """Whoever has the turn to write is alone."""


@contextmanager
def locked(_: str) -> Iterator[None]:
    """Whoever works on a file works on one machine, where the lock of the history's folder is enough."""
    yield


def load(cursor: CursorWrapper, table: str, columns: str, batches: Iterable[list[tuple[Any, ...]]]) -> None:
    places = ", ".join(["%s"] * len(columns.split(",")))
    for batch in batches:
        cursor.executemany(f"insert into {table} ({columns}) values ({places})", batch)  # noqa: S608
