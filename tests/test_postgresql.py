"""What PostgreSQL brings along: an extra, a server that may be away or refuse, passwords, rights, two machines."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests import backing, server
from tests.workspaces import MAPPED, NEVER_LOST, Place, Ran, accounts, every_migration, finished, stored
from winback.store import postgresql

pytestmark = pytest.mark.only_on("postgresql")
REPORT = '[products.payments]\nreport = "reports/payments_{date}.csv"\n'
_numbers = itertools.count()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After a first pull; the second report is there."""
    place = Place(tmp_path / "place", NEVER_LOST)
    place.write("2024-03-01", accounts(60, {1, 2}))
    place.done("pull")
    place.write("2024-03-02", accounts(60, {2, 3, 4}))
    return place


@contextmanager
def managing(name: str = "postgres") -> Iterator[psycopg.Connection]:
    with closing(psycopg.connect(server.url(name), autocommit=True)) as connected:
        yield connected


@contextmanager
def another_database(how: str = "") -> Iterator[str]:
    """One that winback has not made; its name."""
    name = f"other_{next(_numbers)}"
    with managing() as manager:
        manager.execute(f"create database {name} {how}".encode())
        try:
            yield name
        finally:
            manager.execute(f"drop database {name} with (force)".encode())


def name_of(place: Place) -> str:
    ((name,),) = backing.run_sql(place.folder, "select current_database()")
    return str(name)


def use(place: Place, written: str) -> None:
    """Another database in winback.toml, as it stands there."""
    text = f"[workspace]\ndatabase = {json.dumps(written)}\n{REPORT}{MAPPED}{NEVER_LOST}"
    (place.folder / "winback.toml").write_text(text, encoding="utf-8")


def refused(ran: Ran, status: int = 1) -> str:
    assert (ran.status, ran.out) == (status, ""), ran
    assert "Traceback" not in ran.err
    assert quote(server.PASSWORD, safe="") not in ran.err
    assert server.PASSWORD not in ran.err
    return ran.line


# The server


def test_without_the_extra_it_says_which(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "PostgreSQL needs the extra \"postgres\": run `pip install 'winback[postgres]'`" in refused(
        place.run("pull")
    )


def test_a_server_that_does_not_answer(place: Place) -> None:
    use(place, "postgresql://winback@127.0.0.1:1/winback")
    line = refused(place.run("pull"))
    assert line.startswith("postgresql://winback@127.0.0.1:1/winback does not answer, or refuses: connection failed")
    assert "see that the server runs" in line
    ran = place.run("doctor")
    assert "wrong database: postgresql://winback@127.0.0.1:1/winback does not answer" in ran.out
    assert ran.status == 1


def test_a_database_that_is_not_there(place: Place) -> None:
    use(place, server.url("no_such_thing"))
    assert 'database "no_such_thing" does not exist' in refused(place.run("pulls"))
    assert 'database "no_such_thing" does not exist' in refused(place.run("migrate"))


def test_a_server_that_is_too_old(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    assert "PostgreSQL 99 or newer is needed: found 1" in refused(place.run("pull"))


def test_a_database_of_another_encoding(place: Place) -> None:
    with another_database("encoding 'LATIN1' locale 'C' template template0") as name:
        use(place, server.url(name))
        assert "is encoded in LATIN1: make the database anew with `createdb --encoding UTF8" in refused(
            place.run("migrate")
        )


def test_a_database_without_anything_of_winback_is_filled_by_migrate(place: Place) -> None:
    with another_database() as name:
        use(place, server.url(name))
        assert "there is nothing in" in refused(place.run("pull"))
        made = f"brought up to date ({every_migration()})"
        assert place.done("migrate").out == f"postgresql://winback@/{name}: {made}\n"
        assert place.done("migrate").out == f"postgresql://winback@/{name}: is up to date\n"
        assert place.show("pulls") == []


def test_a_user_without_rights(place: Place) -> None:
    name = name_of(place)
    with managing(name) as manager:
        manager.execute("drop role if exists reader; create role reader login")
        use(place, server.url(name).replace("winback@", "reader@"))
        before = stored(place.folder)
        assert "permission denied for" in refused(place.run("pull"))
        manager.execute("grant select on all tables in schema public to reader")
        assert place.done("pulls").out
        assert "permission denied for" in refused(place.run("pull"))
        assert stored(place.folder) == before
        manager.execute("drop owned by reader; drop role reader")


def test_a_user_who_may_not_create_tables(place: Place) -> None:
    with another_database() as name, managing(name) as manager:
        manager.execute('drop role if exists "new-one"; create role "new-one" login')
        manager.execute("revoke all on schema public from public")
        use(place, server.url(name).replace("winback@", "new-one@"))
        grant = 'grant usage, create on schema public to "new-one"'
        said = (
            f'"new-one" may not create tables there: have the database\'s owner run `{grant}`, then `winback migrate`'
        )
        assert said in refused(place.run("migrate"))
        manager.execute('grant usage on schema public to "new-one"')
        assert said in refused(place.run("migrate"))
        manager.execute(grant.encode())
        assert "brought up to date" in place.done("migrate").out
        manager.execute('revoke create on schema public from "new-one"')
        assert "is up to date" in place.done("migrate").out
        manager.execute('drop owned by "new-one"; drop role "new-one"')


def test_a_restore_whose_database_is_in_use_or_away_leaves_nothing(place: Place, tmp_path: Path) -> None:
    backup, new = tmp_path / "b.tar.zst", tmp_path / "new"
    place.done("backup", str(backup))
    way_out = "name an empty database in a winback.toml in the folder to restore into first (docs/operations.md, Either"
    said = refused(place.run("restore", str(backup), "--workspace", str(new)), 2)
    assert f"{name_of(place)} is not empty, and nothing is ever overwritten: {way_out}" in said
    use(place, server.url("no_such_thing"))
    said = refused(place.run("restore", str(backup)))
    assert 'database "no_such_thing" does not exist' in said
    assert f"; or {way_out}" in said
    assert not new.exists()


def test_every_text_is_ordered_by_its_bytes(place: Place) -> None:
    """As in SQLite, whatever the database's own order is."""
    other = backing.run_sql(
        place.folder,
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
        " and data_type in ('text', 'character varying') and collation_name is distinct from 'C'"
        " and table_name in (select tablename from pg_tables)"
        " and table_name !~ '^(django_|auth_|axes_|users|api_keys)'",
    )
    assert other == []


# Passwords


def test_a_password_in_a_variable_a_file_or_where_libpq_looks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    name = name_of(place)
    url = server.url_with_password(name)
    monkeypatch.setenv("WINBACK_DATABASE", url)
    (place.folder / "database").write_text(url + "\n")
    for written in ("env:WINBACK_DATABASE", "file:database"):
        use(place, written)
        assert [pull["status"] for pull in place.show("pulls")] == ["applied"]
    without = f"postgresql://winback@127.0.0.1:{server.port()}/{name}"
    use(place, without)
    assert "no password supplied" in refused(place.run("pulls"))
    monkeypatch.setenv("PGPASSWORD", server.PASSWORD)
    assert place.done("pulls").out
    monkeypatch.delenv("PGPASSWORD")
    passwords = place.folder / "passwords"
    passwords.write_text(f"127.0.0.1:*:*:winback:{server.PASSWORD.replace(':', chr(92) + ':')}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    assert place.done("pulls").out


@pytest.mark.parametrize("command", ["pull", "pulls", "doctor", "migrate"])
def test_a_wrong_password_is_not_shown(place: Place, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    wrong = "wr0ng/secret"
    monkeypatch.setenv("WINBACK_DATABASE", server.url_with_password(name_of(place), wrong))
    use(place, "env:WINBACK_DATABASE")
    ran = place.run(command)
    assert ran.status == 1
    assert "password authentication failed for user" in ran.out + ran.err
    assert "wr0ng" not in ran.out + ran.err


@pytest.mark.parametrize("rest", ["?hoost=x", "?sslmode=perhaps", "?connect_timeout=soon&password=s3cret"])
def test_options_that_are_none(place: Place, monkeypatch: pytest.MonkeyPatch, rest: str) -> None:
    monkeypatch.setenv("WINBACK_DATABASE", f"postgresql://winback:s3cret@127.0.0.1:1/w{rest}")
    use(place, "env:WINBACK_DATABASE")
    assert "s3cret" not in refused(place.run("pulls"))


# Two machines, one database


def hold(name: str, product: str = "payments") -> psycopg.Connection:
    """As a pull on another machine would, whose history is in another place."""
    other = psycopg.connect(server.url(name), autocommit=True)
    other.execute(f"select pg_advisory_lock({postgresql._KEY})".encode(), [product])
    return other


def test_one_machine_at_a_time_works_on_a_product(place: Place) -> None:
    with closing(hold(name_of(place))):
        waiting = place.start("pull")
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "another process is at work on payments; waiting for it …\n"
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1)
    ran = finished(waiting)
    assert (ran.status, ran.err) == (0, "")
    assert "applied (pull 2)" in ran.out


def test_who_waits_too_long_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_PATIENCE", 1)
    before = stored(place.folder)
    with closing(hold(name_of(place))):
        ran = place.run("pull")
    assert ran.status == 1
    assert ran.err.splitlines()[-1] == (
        "winback: another process has been at work on payments for 1 s: try again later"
    )
    assert stored(place.folder) == before
    place.done("pull")


def test_another_product_need_not_wait(place: Place) -> None:
    with closing(hold(name_of(place), "loans")):
        assert place.done("pull").err == ""


def test_writers_take_turns(place: Place) -> None:
    with closing(psycopg.connect(server.url(name_of(place)))) as other:
        other.execute(f"select pg_advisory_xact_lock({postgresql._KEY})".encode(), [postgresql._TURN])
        turn = threading.Timer(1.5, other.commit)
        turn.start()
        began = time.monotonic()
        place.done("pull")
        assert time.monotonic() - began > 1
        turn.join()


# A connection that is lost


def cut(name: str) -> None:
    with managing() as manager:
        whose = "datname = %s and application_name = 'winback'"
        manager.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {whose}".encode(), [name])


def before_it(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def cut_first(*args: Any, **options: Any) -> Any:
        cut(name)
        return function(*args, **options)

    return cut_first


def after_it(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The server has done it, and its answer does not arrive."""

    def cut_then(*args: Any, **options: Any) -> Any:
        function(*args, **options)
        cut(name)
        with connection.cursor() as cursor:
            cursor.execute("select 1")

    return cut_then


CUTS = {
    "while it reads": ("winback.readers.check_report", before_it),
    "before it loads": ("winback.store.database.load", before_it),
    "while it plans": ("winback.daily._plan", before_it),
    "before it commits": ("django.db.backends.base.base.BaseDatabaseWrapper._commit", before_it),
}


@pytest.mark.parametrize("when", CUTS)
def test_a_connection_lost_in_a_pull(place: Place, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    path, cutting = CUTS[when]
    before = stored(place.folder)
    name = name_of(place)
    owner, _, attribute = path.rpartition(".")
    found: Any = BaseDatabaseWrapper if "BaseDatabaseWrapper" in owner else sys.modules[owner]
    with monkeypatch.context() as patch:
        patch.setattr(found, attribute, cutting(getattr(found, attribute), name))
        line = refused(place.run("pull"))
    assert line.startswith("the database: ")
    assert {key: rows for key, rows in stored(place.folder).items() if key != "files"} == {
        key: rows for key, rows in before.items() if key != "files"
    }
    assert "applied (pull " in place.done("pull").out
    assert place.uids("at_risk") == ["m3", "m4"]
    assert place.done("doctor").out.count("wrong") == 0
    assert len(list((place.folder / "data" / "payments").glob("*Z-*"))) == 2


def test_a_connection_lost_after_the_server_has_committed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody told the pull that it was applied; its files are there all the same."""
    name = name_of(place)
    with monkeypatch.context() as patch:
        commit = vars(BaseDatabaseWrapper)["_commit"]
        patch.setattr(BaseDatabaseWrapper, "_commit", after_it(commit, name))
        assert refused(place.run("pull")).startswith("the database: ")
    assert [pull["status"] for pull in place.show("pulls")] == ["applied", "applied"]
    assert "already applied (pull 2)" in place.done("pull").out
    assert place.uids("at_risk") == ["m3", "m4"]
    assert place.done("doctor").out.count("wrong") == 0
    assert {row["status"] for row in place.show("notifications")} == {"sent"}
