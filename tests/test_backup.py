"""`winback backup` and `restore`: database and history as one pair, verified before anything changes."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from tests.faults import check_refusal, nearly_full, small_disk
from tests.killed import Death, Job, Killer
from tests.workspaces import NEVER_LOST, Place, Ran, account, accounts, files_in, finished
from winback import archive
from winback.archive import Manifest

TABLES = ("history", "cases", "churns", "wins", "readopted", "notifications", "rejected", "pulls")
pytestmark = pytest.mark.only_on("sqlite")
OPERATORS = '[alerts]\nto = ["#ops"]\n'


def prepare(folder: Path) -> Place:
    """Two applied pulls with rejected rows, and a held one, numbered 3; the report after it is there."""
    place = Place(folder, NEVER_LOST + OPERATORS)
    for day, off in ((1, {1, 2}), (2, {2, 3, 4})):
        place.write(f"2024-03-0{day}", [*accounts(60, off), account("odd", "perhaps")])
        place.done("pull")
    place.write("2024-03-03", accounts(60, range(60)))
    assert place.run("pull").status == 3
    place.write("2024-03-04", accounts(60, {3, 4, 5}))
    return place


def tables(place: Place) -> dict[str, str]:
    return {name: place.done("show", name, "--at", "2024-04-01", "--format", "csv").out for name in TABLES}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return prepare(tmp_path / "place")


@pytest.fixture
def backup(place: Place, tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar.zst"
    place.done("backup", str(path))
    return path


def restored(backup: Path, folder: Path) -> Place:
    """In a new folder, with the settings of the backup."""
    folder.mkdir()
    other = at(folder)
    other.done("restore", str(backup))
    return other


def at(folder: Path) -> Place:
    """Of a folder as it is: nothing is written there."""
    place = Place.__new__(Place)
    place.folder, place.reports = folder, folder / "reports"
    return place


def test_a_workspace_restored_elsewhere_is_the_same_and_goes_on(place: Place, backup: Path, tmp_path: Path) -> None:
    other = restored(backup, tmp_path / "other")
    assert tables(other) == tables(place)
    assert files_in(other.folder / "data") == files_in(place.folder / "data")
    assert "wrong" not in other.run("doctor").out.replace("wrong report of payments", "")
    shutil.copytree(place.reports, other.reports)
    for each in (place, other):
        each.done("pulls", "reject", "3", "--reason", "wrong file")
        assert "applied (pull 4)" in each.done("pull").out
    assert tables(other)["cases"] == tables(place)["cases"]


def test_a_held_report_can_be_approved_after_a_restore(backup: Path, tmp_path: Path) -> None:
    other = restored(backup, tmp_path / "other")
    other.done("pulls", "approve", "3", "--reason", "checked")
    assert len(other.show("churns")) == 59


def test_settings_that_are_there_stay_as_they_are(place: Place, backup: Path, tmp_path: Path) -> None:
    """As after `winback init` on a new machine."""
    other = Place(tmp_path / "other", NEVER_LOST + '[workspace]\ndata_dir = "elsewhere"\ndatabase = "sqlite:///w.db"\n')
    text = (other.folder / "winback.toml").read_text(encoding="utf-8")
    other.done("restore", str(backup))
    assert (other.folder / "winback.toml").read_text(encoding="utf-8") == text
    assert files_in(other.folder / "elsewhere") == files_in(place.folder / "data")
    assert tables(other) == tables(place)


def test_the_size_of_a_small_backup_is_one_to_read(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "small.tar.zst"
    said = place.done("backup", str(path)).out
    assert said.endswith(f": {path}, {-(-path.stat().st_size // 1000)} kB\n")


def test_a_backup_is_for_its_owner_alone_and_can_be_unpacked_by_hand(backup: Path, tmp_path: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*")) == []
    names = [name for name, _ in members(backup)]
    assert names[:3] == ["MANIFEST.json", "winback.toml", "database.sqlite3"]
    assert names[-1] == "SHA256SUMS"
    for name, content in members(backup):
        (tmp_path / "hand" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "hand" / name).write_bytes(content)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "hand", check=True)


def test_nothing_is_overwritten(place: Place, backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    again = place.run("backup", str(backup))
    assert (again.status, again.line) == (
        2,
        f"{backup} is there already, and nothing is ever overwritten: take another name",
    )
    assert backup.read_bytes() == before
    for occupied in (place, lone_history(place, tmp_path / "lone")):
        found = files_in(occupied.folder)
        ran = occupied.run("restore", str(backup))
        assert (ran.status, "is not empty, and nothing is ever overwritten: " in ran.line) == (2, True)
        assert changes(found, files_in(occupied.folder)) == set()


def lone_history(place: Place, folder: Path) -> Place:
    """A new database beside the history of a lost one."""
    other = Place(folder)
    newest = max((place.folder / "data" / "payments").glob("2024*"))
    shutil.copytree(newest, folder / "data" / "payments" / newest.name.replace("20240303", "20230101"))
    return other


def changes(before: dict[str, str], after: dict[str, str]) -> set[str]:
    found = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name for name in found if not name.endswith(("-wal", "-shm"))}


def test_a_damaged_history_is_not_backed_up(place: Place, tmp_path: Path) -> None:
    (report,) = (place.folder / "data" / "payments").glob("20240302*/report.parquet")
    report.write_bytes(report.read_bytes()[:-1] + b"x")
    check_refusal(place.run("backup", str(tmp_path / "b.tar.zst")), f"the history is damaged: {report}")
    assert list(tmp_path.iterdir()) == [place.folder]


# Damaged and hostile archives.


def members(path: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(fileobj=pa.input_stream(str(path), compression="zstd"), mode="r|") as tar:
        return [(member.name, stream.read()) for member in tar if (stream := tar.extractfile(member))]


def packed(path: Path, contents: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with pa.CompressedOutputStream(path.open("wb"), "zstd") as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
        for member, content in contents:
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
    return path


def check_not_restored(path: Path, folder: Path, said: str) -> None:
    folder.mkdir(exist_ok=True)
    check_refusal(at(folder).run("restore", str(path)), said)
    assert not list(folder.rglob("*.parquet"))
    assert not (folder / "winback.toml").exists()
    assert not (folder / "winback.sqlite3").exists()


def test_an_archive_that_is_cut_or_damaged_anywhere(backup: Path, tmp_path: Path) -> None:
    content, noise, damaged = backup.read_bytes(), random.Random(3), tmp_path / "damaged"
    for place in [0, 1, 100, len(content) - 1, *(noise.randrange(len(content)) for _ in range(6))]:
        damaged.write_bytes(content[:place])
        check_not_restored(damaged, tmp_path / "new", "is no backup of winback, or damaged: ")
        flipped = bytearray(content)
        flipped[place] ^= 1 << noise.randrange(8)
        damaged.write_bytes(flipped)
        ran = at(tmp_path / "new").run("restore", str(damaged))
        if ran.status == 0:
            # A bit that says nothing, such as one of the packing's own.
            shutil.rmtree(tmp_path / "new")
        else:
            check_refusal(ran, "is no backup of winback, or damaged: ")
    check_refusal(at(tmp_path / "new").run("restore", str(tmp_path / "nowhere")), "No such file or directory")


def with_link(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return member


HOSTILE: dict[str, tarfile.TarInfo] = {
    "above": tarfile.TarInfo("data/../../above"),
    "absolute": tarfile.TarInfo("/absolute"),
    "hidden above": tarfile.TarInfo("data/payments/20240301T000000Z-00000000/.."),
    "another name": tarfile.TarInfo("data/payments/report.parquet"),
    "link": with_link("data/payments/20240301T000000Z-00000000/report.parquet"),
    "link to a folder": with_link("data/payments"),
    "twice": tarfile.TarInfo("winback.toml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_member_that_no_backup_has(name: str, backup: Path, tmp_path: Path) -> None:
    """Even when the manifest names it."""
    good = [(tarfile.TarInfo(each), content) for each, content in members(backup)]
    hostile = packed(tmp_path / "hostile", [*good[:-1], (HOSTILE[name], b"x"), good[-1]])
    check_not_restored(hostile, tmp_path / "new", f'it holds "{HOSTILE[name].name}", which no backup has so')
    assert not (tmp_path / "above").exists()


def rewritten(backup: Path, path: Path, change: Callable[[Manifest], Manifest], folder: Path) -> Path:
    """A sound archive whose manifest says something else."""
    with archive._opened(backup) as opened:
        manifest = change(opened.manifest)
    for name, content in members(backup):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    archive.write_archive(path, manifest, {name: folder / name for name in manifest.members}, lambda *_: None)
    return path


def test_a_backup_of_a_newer_program(backup: Path, tmp_path: Path) -> None:
    newer = rewritten(
        backup, tmp_path / "newer", lambda manifest: replace(manifest, format=2, winback="9.1"), tmp_path / "a"
    )
    check_not_restored(newer, tmp_path / "new", "is a backup of a newer winback (9.1): install that, or a newer one")


# Processes that die, and others at work.


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with Killer() as killer:
        yield killer


def killings(run: Callable[[int], Death], spread: int) -> Iterator[Death]:
    """Deaths at so many of the calls that write."""
    undisturbed = run(0)
    assert undisturbed.status == 0, undisturbed
    calls = range(1, len(undisturbed.calls) + 1)
    for call in sorted({1, calls[-1], *random.sample(calls, min(spread, len(calls)))}):
        death = run(call)
        assert death.was_killed, death
        yield death


def test_a_backup_killed_between_what_it_writes(place: Place, killer: Killer, tmp_path: Path) -> None:
    path, expected = tmp_path / "backups" / "b.tar.zst", tables(place)
    path.parent.mkdir()

    def run(call: int) -> Death:
        path.unlink(missing_ok=True)
        return killer.run(Job(str(place.folder), ["backup", str(path)], call))

    for number, death in enumerate(killings(run, spread=4)):
        if not path.exists():
            place.done("backup", str(path))
        assert [entry.name for entry in path.parent.iterdir()] in (["b.tar.zst"], sorted_with_rest(path)), death.calls
        other = restored(path, tmp_path / f"other {number}")
        assert tables(other) == expected, death.calls


def sorted_with_rest(path: Path) -> list[str]:
    """One that was killed at its very end has left a folder, which the next backup takes away."""
    return [entry.name for entry in path.parent.iterdir() if entry == path or entry.name.startswith(".winback-")]


def test_a_restore_killed_between_what_it_writes(place: Place, backup: Path, killer: Killer, tmp_path: Path) -> None:
    """The same command goes on; one that was killed after all was done says that there is something already."""
    expected, folder = tables(place), tmp_path / "other"

    def run(call: int) -> Death:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return killer.run(Job(str(folder), ["restore", str(backup)], call))

    for death in killings(run, spread=5):
        ran = at(folder).run("restore", str(backup))
        assert ran.status == 0 or "winback.sqlite3 is not empty" in ran.line, (ran, death.calls)
        assert tables(at(folder)) == expected, death.calls
        assert files_in(folder / "data") == files_in(place.folder / "data"), death.calls


def test_a_backup_while_others_are_at_work(place: Place, tmp_path: Path) -> None:
    """What is in it is of one moment: before the pull or after it."""
    place.done("pulls", "reject", "3", "--reason", "wrong file")
    paths = [tmp_path / f"{number}.tar.zst" for number in range(2)]
    started = [place.start("backup", str(paths[0])), place.start("pull"), place.start("notify")]
    started += [place.start("backup", str(path)) for path in paths[1:]]
    ran: list[Ran] = [finished(process) for process in started]
    assert [each.status for each in ran] == [0] * 4, ran
    for path in paths:
        other = restored(path, tmp_path / path.stem[0])
        doctor = other.run("doctor").out
        assert "ok    history of payments: last applied: pull" in doctor
        pulls = [pull["status"] for pull in other.show("pulls")]
        assert (pulls.count("applied"), len(other.show("churns"))) in [(2, 2), (3, 3)], doctor


def test_a_backup_and_a_restore_on_a_disk_that_gets_full(place: Place, backup: Path, tmp_path: Path) -> None:
    expected = tables(place)
    with small_disk(tmp_path / "disk") as disk:
        for command, free in ((("backup", str(disk / "b.tar.zst")), 8192), (("restore", str(backup)), 65536)):
            target = place if command[0] == "backup" else at(disk / "new")
            target.folder.mkdir(exist_ok=True)
            for room in range(0, free * 3, free):
                with nearly_full(disk, room):
                    check_refusal(target.run(*command), "make room, then run the same command again")
                assert not [*disk.rglob("*.parquet"), *disk.rglob("*.sqlite3"), *disk.glob(".winback-*")]
            target.done(*command)
        assert tables(at(disk / "new")) == expected
        assert sorted(os.listdir(disk)) == ["b.tar.zst", "new"]
