"""The whole database as one file of SQLite's, as of one moment, while others go on writing; and back, into a database
of either kind."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models

from winback.durable import make_durable
from winback.settings.address import Address, SqliteFile
from winback.store import database, sqlite
from winback.store.models import Worker

_BATCH = 10_000
_ASIDE = "aside"


def save(path: Path) -> None:
    """The database that is open, into a new file."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with connection.wrap_database_errors, closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return
    _make_empty(path)
    with connection.wrap_database_errors, closing(sqlite3.connect(path)) as copy, database.of_one_moment():
        for model in _models():
            places = ", ".join("?" * len(_columns(model).split(",")))
            insert = f"insert into {model._meta.db_table} ({_columns(model)}) values ({places})"  # noqa: S608
            for batch in _rows_on_server(model):
                copy.executemany(insert, batch)
        copy.commit()


def kind() -> str:
    """Of the database that is open."""
    return str(connection.vendor)


def is_empty() -> bool:
    """Whether the database that is open holds nothing that could be lost."""
    names = set(connection.introspection.table_names())
    return not any(model._default_manager.exists() for model in _models() if model._meta.db_table in names)


def put(source: Path, target: Address) -> None:
    """Makes a file's content the database of a workspace, in the place of an empty one; at once, or not at all."""
    connection.close()
    if isinstance(target, SqliteFile):
        _put_file(source, target.path)
    else:
        database.migrate(target)
        database.open_database(target)
        try:
            _put_rows(source)
        finally:
            database.close_database()


def _put_file(source: Path, target: Path) -> None:
    beside = target.with_name(f"{target.name}.restoring")
    try:
        shutil.copyfile(source, beside)
        make_durable(beside)
        # A log that belongs to the empty one must not be taken for one of the other's.
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    make_durable(target.parent)


def _put_rows(source: Path) -> None:
    with closing(sqlite3.connect(source)) as copy, database.writing():
        for model in _models():
            database.load(model._meta.db_table, _columns(model), _rows_in_file(copy, model))
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), _models()):
                cursor.execute(sql)


def _models() -> list[type[models.Model]]:
    """Each after those that it refers to. Who is at work or signed in now, and Django's own lists, are nothing to be
    kept, or lost."""
    access = ("auth.group", "access.user", "access.user_groups", "access.apikey")
    own = [model for model in apps.get_app_config("store").get_models() if model is not Worker]
    return [*own, *map(apps.get_model, access)]


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def _rows_on_server(model: type[models.Model]) -> Iterator[list[database.Row]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"select {_columns(model)} from {model._meta.db_table} order by 1")  # noqa: S608
        while batch := cursor.fetchmany(_BATCH):
            yield batch


def _rows_in_file(copy: sqlite3.Connection, model: type[models.Model]) -> Iterator[list[database.Row]]:
    """SQLite has no flags, only 0 and 1."""
    flags = [isinstance(field, models.BooleanField) for field in model._meta.concrete_fields]

    def typed(row: tuple[Any, ...]) -> database.Row:
        return tuple(bool(cell) if flag else cell for cell, flag in zip(row, flags, strict=True))

    cursor = copy.execute(f"select {_columns(model)} from {model._meta.db_table} order by 1")  # noqa: S608
    while batch := cursor.fetchmany(_BATCH):
        yield [typed(row) for row in batch]


def _make_empty(path: Path) -> None:
    """A database without a row, beside the one that is open, which holds locks."""
    named = {"default": connections.settings["default"], _ASIDE: sqlite.django_settings(SqliteFile(path))}
    connections.settings[_ASIDE] = connections.configure_settings(named)[_ASIDE]
    try:
        call_command("migrate", database=_ASIDE, verbosity=0, interactive=False)
    finally:
        connections[_ASIDE].close()
        del connections[_ASIDE]
        del connections.settings[_ASIDE]
