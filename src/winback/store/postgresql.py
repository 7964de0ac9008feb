"""What PostgreSQL alone needs: a server that may be away, writers that take turns, rows that are copied."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, NotSupportedError, OperationalError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from winback.errors import DatabaseMismatch, WinbackError
from winback.settings.address import PostgresUrl

OLDEST = 15
_PATIENCE = 600
_SHORT_PATIENCE = 10
# Of this workspace alone, also where several share a database, each in a schema of its own.
_KEY = "hashtextextended(coalesce(current_schema(), '') || '/' || %s, 0)"
# No product has a blank in its name.
_TURN = "the turn to write"


def django_settings(address: PostgresUrl) -> dict[str, Any]:
    """Options that the URL does not give: nobody waits for ever, and every session sees what others have committed."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise DatabaseMismatch(
            f"{address}: PostgreSQL needs the extra \"postgres\": run `pip install 'winback[postgres]'`"
        ) from error
    try:
        given = dict(conninfo_to_dict(address.url))
    except psycopg.ProgrammingError:
        raise _not_understood(address) from None
    always = {"isolation_level": psycopg.IsolationLevel.READ_COMMITTED, "application_name": "winback"}
    options = {"connect_timeout": "10", "keepalives_idle": "60", **given, **always}
    return {"ENGINE": "django.db.backends.postgresql", "NAME": str(options.pop("dbname")), "OPTIONS": options}


def _not_understood(address: PostgresUrl) -> DatabaseMismatch:
    """What libpq says of it may show a part of the password."""
    return DatabaseMismatch(
        f"{address}: its URL has options or characters that PostgreSQL does not understand: mend them; special"
        " characters are written as %40 and the like"
    )


def refuse_unfit(address: PostgresUrl) -> None:
    """The server must answer, be new enough, and store text of any language."""
    try:
        connection.ensure_connection()
        version = int(getattr(connection, "pg_version", 0))
        if version < OLDEST * 10_000:
            raise NotSupportedError(f"found {version // 10_000}.{version % 10_000}")
    except OperationalError as error:
        said = " ".join(str(error).split())
        raise DatabaseMismatch(
            f"{address} does not answer, or refuses: {said}; see that the server runs, that the database is there and"
            " that this user may use it"
        ) from error
    except ProgrammingError:
        raise _not_understood(address) from None
    except NotSupportedError as error:
        raise DatabaseMismatch(f"{address}: PostgreSQL {OLDEST} or newer is needed: {error}") from error
    with connection.cursor() as cursor:
        cursor.execute("show server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise DatabaseMismatch(
            f"{address} is encoded in {encoding}: make the database anew with `createdb --encoding UTF8"
            " --template template0`"
        )


def make_room(address: PostgresUrl) -> bool:
    """Before the database is made or brought up to date: whether there is one."""
    refuse_unfit(address)
    return True


def refuse_without_rights(address: PostgresUrl) -> None:
    """Whoever makes the tables needs the right to; a schema that may not even be used is none to the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')),"
            " has_schema_privilege(current_schema(), 'create')"
        )
        user, schema, may_create = cursor.fetchone()
    if not may_create:
        raise DatabaseMismatch(
            f"{address}: {user} may not create tables there: have the database's owner run `grant usage, create on"
            f" schema {schema} to {user}`, then `winback migrate` again"
        )


@contextmanager
def saying_damage(_: PostgresUrl) -> Iterator[None]:
    """The server says it itself."""
    yield


def damage(_: CursorWrapper) -> str | None:
    """The server looks after that."""
    return None


def take_turn(cursor: CursorWrapper) -> None:
    """Transactions that write go one after the other, as in SQLite, so that none waits for rows that another has while
    that waits for its own. Free again at the transaction's end, however it ends."""
    cursor.execute(f"select pg_advisory_xact_lock({_KEY})", [_TURN])


@contextmanager
def of_one_moment() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def let_others_finish(cursor: CursorWrapper, tables: Iterable[str]) -> None:
    """Everybody else who wants to write waits meanwhile: raises OperationalError rather than let them wait for long."""
    cursor.execute(f"set local lock_timeout = '{_SHORT_PATIENCE}s'")
    cursor.execute(f"lock table {', '.join(tables)} in share mode")


@contextmanager
def locked(product: str) -> Iterator[None]:
    """One process at a time works on a product, whatever the machine: held by this connection, hence free when its
    process dies, and lost with the connection that would have written."""
    if not _call("pg_try_advisory_lock", product):
        print(f"another process is at work on {product}; waiting for it …", file=sys.stderr)  # noqa: T201
        _wait(product)
    try:
        yield
    finally:
        with suppress(DatabaseError):
            _call("pg_advisory_unlock", product)


def _wait(product: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{_PATIENCE}s'")
    try:
        _call("pg_advisory_lock", product)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != "55P03":
            raise
        raise WinbackError(
            f"another process has been at work on {product} for {_PATIENCE} s: try again later"
        ) from error
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("reset lock_timeout")


def _call(function: str, product: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}({_KEY})", [product])
        return bool(cursor.fetchone()[0])


def load(cursor: CursorWrapper, table: str, columns: str, batches: Iterable[list[tuple[Any, ...]]]) -> None:
    with connection.wrap_database_errors, cursor.copy(f"copy {table} ({columns}) from stdin") as copy:
        for batch in batches:
            for row in batch:
                copy.write_row(row)
    # Without figures of its own the planner takes the table for a small one.
    cursor.execute(f"analyze {table}")
