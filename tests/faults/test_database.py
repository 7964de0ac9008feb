"""A database that is locked, damaged, gone, or not to be written to; and the same told to a script."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import winback
from tests.faults import check_refusal, check_unchanged, read_only
from tests.workspaces import NEVER_LOST, Place, accounts, stored
from winback.errors import DatabaseFailed, DatabaseMismatch
from winback.store import sqlite

pytestmark = [pytest.mark.rule("R3.15"), pytest.mark.only_on("sqlite")]
PAGE = 4096


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After two pulls; the third report is there."""
    place = Place(tmp_path, NEVER_LOST)
    for day in (1, 2, 3):
        place.write(f"2024-03-0{day}", accounts(60, {day, day + 1}))
        if day < 3:
            place.done("pull")
    return place


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """By another program, such as a browser of databases in the middle of a change."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        yield


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite.OPTIONS, "timeout", 0.2)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("command", ["pull", "notify", "backfill"])
def test_a_database_that_another_program_has_locked(command: str, place: Place) -> None:
    arguments = {"backfill": ("backfill", "payments", "reports/payments_{date}.csv")}.get(command, (command,))
    if command == "notify":
        place.done("pull", "--no-messages")
    before = stored(place.folder)
    with locked(place.database):
        ran = place.run(*arguments)
    check_refusal(ran, "the database: database is locked; another program has locked it", "run the same command again")
    check_unchanged(place, before)
    place.done(*arguments)


@pytest.mark.usefixtures("_impatient")
def test_what_is_only_read_is_read_while_another_program_writes(place: Place) -> None:
    with locked(place.database):
        place.done("show", "cases")
        place.done("kpis")


def test_a_database_whose_beginning_is_damaged(place: Place) -> None:
    sound = place.database.read_bytes()
    place.database.write_bytes(b"\0" * 100 + sound[100:])
    for command in (("pull",), ("show", "cases"), ("notify",)):
        check_refusal(place.run(*command), str(place.database), "is damaged or not a database", "from a backup")
    assert "wrong database: " in " ".join(place.run("doctor").out.split())
    place.database.write_bytes(sound)
    place.done("pull")


def test_a_database_whose_pages_are_damaged(place: Place) -> None:
    """Whatever is in them: one line, and never an answer that is half of one."""
    sound = place.database.read_bytes()
    noise = random.Random(1)
    for _ in range(8):
        content = bytearray(sound)
        for page in noise.sample(range(1, len(sound) // PAGE), 12):
            content[page * PAGE : (page + 1) * PAGE] = noise.randbytes(PAGE)
        place.database.write_bytes(content)
        ran = place.run("pull")
        if ran.status:
            check_refusal(ran, "damaged", "backup")
        assert "wrong database: " in " ".join(place.run("doctor").out.split())
    place.database.write_bytes(sound)
    place.done("pull")


def test_a_database_that_is_gone(place: Place) -> None:
    sound = place.database.read_bytes()
    place.database.unlink()
    check_refusal(place.run("pull"), f"there is no database at {place.database}: put it back from a backup")
    assert not place.database.exists()
    place.database.write_bytes(sound)
    place.done("pull")


def test_what_a_program_that_died_has_left_beside_the_database(place: Place) -> None:
    """Part of a log that belongs to nothing, and an index of it."""
    for ending in ("-wal", "-shm"):
        place.database.with_name(place.database.name + ending).write_bytes(random.Random(2).randbytes(40_000))
    place.done("pull")
    with closing(sqlite3.connect(place.database)) as opened:
        assert opened.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_a_folder_of_histories_that_can_only_be_read(place: Place) -> None:
    before = stored(place.folder)
    with read_only(place.folder / "data"):
        check_refusal(place.run("pull"), "; ", ", then run the same command again")
        assert "can't be written to" in place.run("doctor").out
    check_unchanged(place, before)
    place.done("pull")


def test_a_database_that_can_only_be_read(tmp_path: Path) -> None:
    place = Place(tmp_path / "place", f'[workspace]\ndata_dir = "{tmp_path}/data"\n{NEVER_LOST}')
    place.write("2024-03-01", accounts(60))
    place.done("pull")
    place.write("2024-03-02", accounts(60, {1}))
    before = stored(place.folder)
    with read_only(place.folder):
        check_refusal(place.run("pull"), "the database: ", "give this user the right to")
    check_unchanged(place, before)
    place.done("pull")


@pytest.mark.usefixtures("_impatient")
def test_a_script_gets_them_as_errors_of_winback(place: Place) -> None:
    with winback.open_workspace(place.folder) as workspace, locked(place.database):
        with pytest.raises(DatabaseFailed, match="database is locked"):
            workspace.pull()
        with pytest.raises(DatabaseFailed, match="database is locked"):
            list(workspace.backfill("payments", str(place.reports / "payments_{date}.csv")))
    place.database.write_bytes(b"not a database at all" * 400)
    with pytest.raises(DatabaseMismatch, match="is damaged or not a database"):
        winback.open_workspace(place.folder)
    may_not = pytest.raises(winback.WinbackError, match=r"Read-only file system|Permission denied")
    with read_only(place.reports), may_not:
        winback.make_workspace(place.reports / "new")
