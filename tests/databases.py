"""The databases of the workspaces that tests make: files of SQLite, or databases of a PostgreSQL server of our own.

Both kinds make an empty one for a folder, copy one, and let a test do to it what the program never would.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import psycopg
from filelock import FileLock

from tests import server
from winback.settings import PostgresUrl, SqliteFile
from winback.store import database

Rows = list[tuple[Any, ...]]
_FILE = "winback.sqlite3"
_MIGRATED = "migrated"


class Databases(Protocol):
    def line(self, folder: Path) -> str:
        """What `[workspace]` has to say of it."""

    def make(self, folder: Path) -> None:
        """An empty one, in the place of what the workspace had."""

    def has(self, folder: Path) -> bool: ...

    def copy(self, source: Path, target: Path) -> None:
        """The folder is copied already."""

    def run(self, folder: Path, sql: str) -> Rows: ...

    def tables(self, folder: Path) -> list[str]: ...

    @contextmanager
    def giving_back(self) -> Iterator[None]:
        """What was made within is not used any more."""


class Files:
    def line(self, folder: Path) -> str:
        return ""

    def make(self, folder: Path) -> None:
        (folder / _FILE).write_bytes(_migrated_file())

    def has(self, folder: Path) -> bool:
        return (folder / _FILE).exists()

    def copy(self, source: Path, target: Path) -> None:
        """It is in the folder."""

    def run(self, folder: Path, sql: str) -> Rows:
        with closing(sqlite3.connect(folder / _FILE)) as connection:
            found = connection.execute(sql).fetchall()
            connection.commit()
            return found

    def tables(self, folder: Path) -> list[str]:
        found = self.run(folder, "select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        return sorted(name for (name,) in found)

    @contextmanager
    def giving_back(self) -> Iterator[None]:
        yield


class OnServer:
    """To make a database takes about ten times as long as to empty one, so that those given back are used again."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._of: dict[Path, str] = {}
        self._made: list[list[Path]] = [[]]
        self._free: list[str] = []
        self._spoiled: set[str] = set()

    def line(self, folder: Path) -> str:
        return f'database = "{self.url(folder)}"\n'

    def url(self, folder: Path) -> str:
        return server.url(self._of[folder])

    def make(self, folder: Path) -> None:
        for gone in [path for path in self._of if path == folder or not path.exists()]:
            self._give_back(gone)
        if self._free:
            self._take(folder, self._free.pop())
            self._empty(folder)
        else:
            self._take(folder, self._create(_migrated_database()))

    def has(self, folder: Path) -> bool:
        return folder in self._of

    def copy(self, source: Path, target: Path) -> None:
        self._give_back(target)
        before = self.url(source)
        self._take(target, self._create(self._of[source]))
        settings = target / "winback.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace(before, self.url(target)), encoding="utf-8")

    def run(self, folder: Path, sql: str) -> Rows:
        """Afterwards it may be another than an emptied one would be."""
        if not sql.startswith("select"):
            self._spoiled.add(self._of[folder])
        with psycopg.connect(self.url(folder)) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def tables(self, folder: Path) -> list[str]:
        found = self.run(folder, "select tablename from pg_tables where schemaname = 'public'")
        return sorted(name for (name,) in found)

    @contextmanager
    def giving_back(self) -> Iterator[None]:
        self._made.append([])
        try:
            yield
        finally:
            for folder in self._made.pop():
                self._give_back(folder)

    def _take(self, folder: Path, name: str) -> None:
        self._of[folder] = name
        self._made[-1].append(folder)

    def _give_back(self, folder: Path) -> None:
        name = self._of.pop(folder, None)
        if name in self._spoiled:
            _manage(f"drop database {name} with (force)")
        elif name is not None:
            self._free.append(name)

    def _create(self, like: str) -> str:
        name = f"w{os.getpid()}_{next(self._numbers)}"
        _manage(f"create database {name} template {like} strategy file_copy")
        return name

    def _empty(self, folder: Path) -> None:
        with psycopg.connect(self.url(folder)) as connection:
            connection.execute(_emptying(", ".join(set(self.tables(folder)) - _OF_MIGRATIONS)))


# What migrations make once and for all.
_OF_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission", "data_state", "views_made"}


def _emptying(names: str) -> bytes:
    return f"truncate {names} restart identity".encode()


def _manage(sql: str) -> None:
    _managing().execute(sql.encode())


@cache
def _managing() -> psycopg.Connection:
    return psycopg.connect(server.url("postgres"), autocommit=True)


@cache
def _migrated_file() -> bytes:
    """A migrated database is the same for every test, and takes a second to make."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _FILE
        database.migrate(SqliteFile(path))
        return path.read_bytes()


@cache
def _migrated_database() -> str:
    """The same, once for all processes of a run."""
    url = server.url(_MIGRATED)
    with FileLock(server.folder() / "migrating"):
        if not _managing().execute("select 1 from pg_database where datname = %s", [_MIGRATED]).fetchall():
            _manage(f"create database {_MIGRATED}")
            database.migrate(PostgresUrl(url, "the tests' server"))
    return _MIGRATED
