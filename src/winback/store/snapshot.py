"""The whole database as one file of SQLite's, as of one moment, while others go on writing; and back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.db import connection


def save(path: Path) -> None:
    """The database that is open, into a new file."""
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def kind() -> str:
    """Of the database that is open."""
    return str(connection.vendor)


def is_empty() -> bool:
    """Whether the database that is open holds nothing that could be lost."""
    names = set(connection.introspection.table_names())
    models = apps.get_app_config("store").get_models()
    return not any(model._default_manager.exists() for model in models if model._meta.db_table in names)


def put(source: Path, target: Path) -> None:
    """Makes a file the database of a workspace, in the place of an empty one; at once, or not at all."""
    connection.close()
    beside = target.with_name(f"{target.name}.restoring")
    try:
        shutil.copyfile(source, beside)
        _make_durable(beside)
        # A log that belongs to the empty one must not be taken for one of the other's.
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    _make_durable(target.parent)


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
