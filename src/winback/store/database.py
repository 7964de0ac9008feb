"""The database of a workspace: opening it, bringing it up to date, refusing one of another version."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from django.db import DatabaseError, OperationalError, connection
from django.db.backends.utils import CursorWrapper

from winback.errors import DatabaseMismatch

Row = tuple[Any, ...]
Values = Mapping[str, Any]
# Four processes on one file met hundreds of "database is locked" with Django's defaults, and none with these.
SQLITE = {
    "timeout": 60,
    "transaction_mode": "IMMEDIATE",
    "init_command": "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma"
    " temp_store = memory;",
}
_BATCH = 10_000


def open_database(path: Path) -> None:
    """Connects this process to a workspace's database; one at a time, and not yet checked for its version."""
    # Notebooks run an event loop in the main thread, where Django refuses the database; nothing here is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connection.close()
    connection.settings_dict.update(NAME=str(path), OPTIONS=SQLITE)


def close_database() -> None:
    connection.close()


def check_version(path: Path) -> None:
    """Raises DatabaseMismatch, in one line, for a database that is missing, older or newer than the program."""
    if not path.exists():
        raise DatabaseMismatch(
            f"there is no database at {path}: put it back from a backup; or start anew with `winback migrate`"
        )
    applied, known = _applied_migrations(path), _known_migrations()
    if newer := sorted(applied - known):
        raise DatabaseMismatch(
            f"the database is newer than this program (it has {newer[-1]}): install the newer winback"
        )
    if older := sorted(known - applied):
        raise DatabaseMismatch(f"the database is older than this program (it lacks {older[0]}): run `winback migrate`")


def migrate(path: Path) -> list[str]:
    """Makes or updates the database; names of the migrations that were applied. A newer database is refused."""
    from django.core.management import call_command

    path.parent.mkdir(parents=True, exist_ok=True)
    open_database(path)
    try:
        before = _applied_migrations(path) if path.exists() else set()
        if before - _known_migrations():
            check_version(path)
        call_command("migrate", verbosity=0, interactive=False)
        return sorted(_known_migrations() - before)
    finally:
        close_database()


def _applied_migrations(path: Path) -> set[str]:
    try:
        with connection.cursor() as cursor:
            if "django_migrations" not in connection.introspection.table_names(cursor):
                return set()
            cursor.execute("select name from django_migrations where app = 'store'")
            return {name for (name,) in cursor.fetchall()}
    except OperationalError:
        raise
    except DatabaseError as error:
        raise DatabaseMismatch(f"{path} is damaged or not a database ({error}): put it back from a backup") from error


@cache
def _known_migrations() -> frozenset[str]:
    files = resources.files("winback.store").joinpath("migrations").iterdir()
    return frozenset(file.name.removesuffix(".py") for file in files if file.name[:4].isdigit())


@cache
def statement(name: str) -> str:
    """`sql/<name>.sql`, with `{{fragment}}` replaced by that file's text."""
    text = resources.files("winback.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    while (place := next((at for at, line in enumerate(lines) if "{{" in line), None)) is not None:
        line = lines[place]
        fragment = line[line.index("{{") + 2 : line.index("}}")]
        lines[place : place + 1] = line.replace("{{" + fragment + "}}", statement(fragment)).splitlines()
    return "\n".join(lines)


def execute(name: str, values: Values) -> int:
    """Runs a statement; the number of rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), dict(values))
        return int(cursor.rowcount)


def rows(name: str, values: Values) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), dict(values))
        return list(cursor.fetchall())


def batches(name: str, values: Values) -> Iterator[list[Row]]:
    """A statement's rows, some thousands at a time."""
    with _chunked() as cursor:
        cursor.execute(statement(name), dict(values))
        while batch := cursor.fetchmany(_BATCH):
            yield batch


@contextmanager
def _chunked() -> Iterator[CursorWrapper]:
    with connection.chunked_cursor() as cursor:
        yield cursor
