"""The database of a workspace: opening it, bringing it up to date, refusing one of another version."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib import resources
from types import ModuleType
from typing import Any

from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from winback.errors import DatabaseMismatch
from winback.settings.address import Address, PostgresUrl
from winback.store import at_hand, postgresql, sqlite
from winback.store.fields import NUL, without_nul

Row = tuple[Any, ...]
Values = Mapping[str, Any]
_BATCH = 10_000


def open_database(address: Address) -> None:
    """Names the database of this process, one at a time; connected to when it is first used."""
    # Notebooks run an event loop in the main thread, where Django refuses the database; nothing here is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    close_database()
    named = {"default": _kind(address).django_settings(address)}
    connections.settings["default"] = connections.configure_settings(named)["default"]
    del connections["default"]


def close_database() -> None:
    at_hand.drop()
    connection.close()


def check_version(address: Address) -> None:
    """Raises DatabaseMismatch, in one line, for a database that is missing, unfit, older or newer than the program."""
    refuse_unfit(address)
    applied, known = _applied_migrations(address), _known_migrations()
    if not applied and isinstance(address, PostgresUrl) and not connection.introspection.table_names():
        raise DatabaseMismatch(
            f"there is nothing in {address}: put it back from a backup; or start anew with `winback migrate`"
        )
    if newer := sorted(applied - known):
        raise DatabaseMismatch(
            f"the database is newer than this program (it has {newer[-1]}): install the newer winback"
        )
    if older := sorted(known - applied):
        raise DatabaseMismatch(f"the database is older than this program (it lacks {older[0]}): run `winback migrate`")


def refuse_unfit(address: Address) -> None:
    """Raises DatabaseMismatch where the database that is open is missing, or can't be used at all."""
    _kind(address).refuse_unfit(address)


def migrate(address: Address) -> list[str]:
    """Makes or updates the database; names of the migrations that were applied. A newer database is refused."""
    from django.core.management import call_command

    from winback.store import views

    open_database(address)
    try:
        is_there = _kind(address).make_room(address)
        with locked("the database"):
            before = _applied_migrations(address) if is_there else set()
            if before - _known_migrations():
                check_version(address)
            missing = sorted(_known_migrations() - before)
            if missing or not views.are_current():
                if isinstance(address, PostgresUrl):
                    postgresql.refuse_without_rights(address)
                _change_tables(partial(call_command, "migrate", verbosity=0, interactive=False))
            return missing
    finally:
        close_database()


def _change_tables(change: Callable[[], object]) -> None:
    """A table that a view names can't be changed: there is none meanwhile."""
    from winback.store import views

    with transaction.atomic():
        views.drop()
    change()
    with transaction.atomic():
        views.make()


def _kind(address: Address) -> ModuleType:
    """What differs between databases is in one module for each."""
    return postgresql if isinstance(address, PostgresUrl) else sqlite


def _kind_in_use() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite


def _applied_migrations(address: Address) -> set[str]:
    with _kind(address).saying_damage(address), connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return set()
        cursor.execute("select name from django_migrations where app = 'store'")
        return {name for (name,) in cursor.fetchall()}


def is_unknown_outcome(error: BaseException) -> bool:
    """Whether a server went away, perhaps after it had committed what it was asked to."""
    return connection.vendor == "postgresql" and isinstance(error, OperationalError | InterfaceError)


@contextmanager
def locked(product: str) -> Iterator[None]:
    """One process at a time works on a product, also of several machines that share a database."""
    with _kind_in_use().locked(product):
        yield


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, of which there is one at a time: what several processes write at once can't be entangled."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                _kind_in_use().take_turn(cursor)
        yield


@contextmanager
def of_one_moment() -> Iterator[None]:
    """What is read within is of the moment of the first reading, whatever others write; it can't write itself."""
    if connection.in_atomic_block:
        yield
        return
    with _kind_in_use().of_one_moment():
        yield


def let_others_finish(*tables: str) -> None:
    """Within `writing`: nobody else is in the middle of a transaction that writes to these tables."""
    with connection.cursor() as cursor:
        _kind_in_use().let_others_finish(cursor, tables)


@cache
def _known_migrations() -> frozenset[str]:
    files = resources.files("winback.store").joinpath("migrations").iterdir()
    return frozenset(file.name.removesuffix(".py") for file in files if file.name[:4].isdigit())


def statement(name: str, dialect: str | None = None) -> str:
    """`sql/<name>.sql`, with `{{fragment}}` replaced by that file's text; in the dialect of the database without
    another."""
    return _statement(name, dialect or connection.vendor)


@cache
def _statement(name: str, vendor: str) -> str:
    folder = resources.files("winback.store").joinpath("sql")
    own = folder.joinpath(vendor, f"{name}.sql")
    text = (own if own.is_file() else folder.joinpath(f"{name}.sql")).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    while (place := next((at for at, line in enumerate(lines) if "{{" in line), None)) is not None:
        line = lines[place]
        fragment = line[line.index("{{") + 2 : line.index("}}")]
        lines[place : place + 1] = line.replace("{{" + fragment + "}}", _statement(fragment, vendor)).splitlines()
    return "\n".join(lines)


def damage() -> str | None:
    """What the database that is open finds wrong with itself."""
    with connection.cursor() as cursor:
        return _kind_in_use().damage(cursor)  # type: ignore[no-any-return]


def execute(name: str, values: Values) -> int:
    """Runs a statement; the number of rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), _parameters(values))
        return int(cursor.rowcount)


def given(rows: Iterable[Sequence[Any]]) -> str:
    """Rows for a statement that works on all of them at once: an id and up to two texts, see sql/given.sql."""
    return json.dumps([[without_nul(cell) for cell in row] for row in rows])


def load(table: str, columns: str, batches: Iterable[list[Row]]) -> None:
    """Fills a table that another statement has made, the fastest way that the database has."""
    with connection.cursor() as cursor:
        _kind_in_use().load(cursor, table, columns, ([_storable(row) for row in batch] for batch in batches))


def _storable(row: Row) -> Row:
    """What the engine can hold, and PostgreSQL can't."""
    has_nul = any(isinstance(cell, str) and NUL in cell for cell in row)
    return tuple(map(without_nul, row)) if has_nul else row


def _parameters(values: Values) -> dict[str, Any]:
    return {name: without_nul(value) for name, value in values.items()}


def rows(name: str, values: Values) -> list[Row]:
    return ask(statement(name), values)


def ask(text: str, values: Values) -> list[Row]:
    """What a statement gives that was put together from others."""
    with connection.cursor() as cursor:
        cursor.execute(text, _parameters(values))
        return list(cursor.fetchall())


def batches(name: str, values: Values) -> Iterator[list[Row]]:
    """A statement's rows, some thousands at a time."""
    return batches_of(statement(name), values)


def batches_of(sql: str, values: Values) -> Iterator[list[Row]]:
    """The same of a statement's text."""
    with _chunked() as cursor:
        cursor.execute(sql, _parameters(values))
        while batch := cursor.fetchmany(_BATCH):
            yield batch


@contextmanager
def _chunked() -> Iterator[CursorWrapper]:
    with connection.chunked_cursor() as cursor:
        yield cursor
