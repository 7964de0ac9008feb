"""Backup and restore: database and history as one pair, of one moment."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from winback import archive, kept
from winback.archive import DATABASE, SETTINGS, Manifest, Tell
from winback.core.moments import format_moment
from winback.durable import make_durable
from winback.errors import DatabaseMismatch, UsageError
from winback.report import history
from winback.settings import FILE_NAME, PostgresUrl, Product, Settings, SqliteFile, find_workspace, load_settings
from winback.store import database, snapshot
from winback.store.models import Pull

_FILES = tuple(field.name for field in Pull._meta.get_fields() if field.name.endswith("_file"))
_RESTORING = ".restoring"
_ANOTHER = (
    "name an empty database in a winback.toml in the folder to restore into first (docs/operations.md, Either database)"
)


@dataclass(frozen=True)
class Restored:
    """`folder`: of the workspace; `migrated`: what was done to a database of an older program."""

    folder: Path
    manifest: Manifest
    migrated: list[str]


def back_up(settings: Settings, path: Path, made_by: str, now: dt.datetime, tell: Tell) -> Manifest:
    """Writes the workspace that is open into a new file. Whoever works on a product is waited for, and then waits;
    senders and readers go on. `made_by`: the version of the program. Raises where there is a file already, or the
    history is damaged."""
    _refuse_existing(path)
    with ExitStack() as until_done:
        for name in _products(settings):
            until_done.enter_context(kept.at_work(settings, Product(name=name)))
            kept.verified_history(settings, kept.last_applied(name))
        folder = until_done.enter_context(_folder_beside(path, settings))
        snapshot.save(folder / DATABASE)
        files = {SETTINGS: settings.folder / FILE_NAME, DATABASE: folder / DATABASE, **_history_files(settings)}
        manifest = _manifest_of(settings, files, made_by, now)
        archive.write_archive(folder / path.name, manifest, files, tell)
        _refuse_existing(path)
        os.rename(folder / path.name, path)
        make_durable(path.parent)
    return manifest


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} is there already, and nothing is ever overwritten: take another name")


def _products(settings: Settings) -> list[str]:
    """Also those that winback.toml does not have any more; in order, so that two backups never wait for each other."""
    return sorted({*settings.products, *Pull.objects.values_list("product", flat=True).distinct()})


@contextmanager
def _folder_beside(path: Path, settings: Settings) -> Iterator[Path]:
    """Of this workspace alone, whose locks are held: what is in it already is left over from one that died."""
    folder = path.absolute().parent / f".winback-{sha256(bytes(settings.data_path)).hexdigest()[:12]}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _history_files(settings: Settings) -> dict[str, Path]:
    """What the database names: histories, what held pulls read, rejected rows. What is missing is named by doctor."""
    named = {name for row in Pull.objects.values_list(*_FILES) for name in row if name}
    files: dict[str, Path] = {}
    for name in sorted(named):
        file = settings.data_path / name
        for part in sorted(file.rglob("*")) if file.is_dir() else [file]:
            if part.is_file():
                files[f"data/{part.relative_to(settings.data_path).as_posix()}"] = part
    return files


def _manifest_of(settings: Settings, files: dict[str, Path], made_by: str, now: dt.datetime) -> Manifest:
    return Manifest(
        format=archive.FORMAT,
        winback=made_by,
        created_at=format_moment(now),
        database=snapshot.kind(),
        products=_products(settings),
        members={name: file.stat().st_size for name, file in files.items()},
    )


def restore(start: Path, path: Path, tell: Tell) -> Restored:
    """Makes the workspace of a folder what it was when it was backed up; a folder without one gets the settings too.
    Raises where there is anything that could be lost. Everything is verified before anything changes; a process that
    dies leaves what the same command goes on from."""
    manifest, text = archive.verify(path, tell)
    settings, is_new = _settings_for(start, text)
    if not settings.data_path.exists():
        # Before anything is made there; else what a restore that died has left is taken away first.
        _refuse_occupied(settings, manifest)
    settings.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as until_done:
        for name in sorted({*settings.products, *manifest.products}):
            until_done.enter_context(history.locked(settings.data_path / name))
        stage = until_done.enter_context(_stage(settings))
        _refuse_occupied(settings, manifest)
        archive.unpack(path, stage, tell)
        migrated = database.migrate(SqliteFile(stage / DATABASE))
        _move_histories(stage / "data", settings.data_path)
        if is_new:
            os.replace(stage / SETTINGS, settings.folder / FILE_NAME)
            make_durable(settings.folder)
        snapshot.put(stage / DATABASE, settings.database)
    return Restored(settings.folder, manifest, migrated)


def _settings_for(start: Path, text: bytes) -> tuple[Settings, bool]:
    """Those of the workspace; else those of the backup, as if they stood in the folder already, and True."""
    folder = start.resolve()
    if any((each / FILE_NAME).exists() for each in (folder, *folder.parents)):
        return load_settings(find_workspace(folder)), False
    with TemporaryDirectory(prefix="winback-") as trial:
        (Path(trial) / FILE_NAME).write_bytes(text)
        return msgspec.structs.replace(load_settings(Path(trial)), folder=folder), True


def _refuse_occupied(settings: Settings, manifest: Manifest) -> None:
    """An empty database, as `winback init` makes one, and folders of this very backup are nothing to be lost."""
    address = settings.database
    if not isinstance(address, SqliteFile) or address.path.exists():
        database.open_database(address)
        try:
            database.refuse_unfit(address)
            is_empty = snapshot.is_empty()
        except DatabaseMismatch as error:
            raise DatabaseMismatch(f"{error}; or {_ANOTHER}") from error
        finally:
            database.close_database()
        if not is_empty:
            raise _occupied(address)
    ours = {settings.data_path / Path(name).relative_to("data").parent for name in manifest.members if "/" in name}
    for product in {*settings.products, *manifest.products}:
        for folder in history.histories_in(settings.data_path / product):
            if folder not in ours:
                raise _occupied(folder)


def _occupied(what: object) -> UsageError:
    way_out = _ANOTHER if isinstance(what, PostgresUrl) else "move it away, or restore into a new folder"
    return UsageError(f"{what} is not empty, and nothing is ever overwritten: {way_out}")


@contextmanager
def _stage(settings: Settings) -> Iterator[Path]:
    """Beside the histories, so that these need only be renamed."""
    stage = settings.data_path / _RESTORING
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True, mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _move_histories(source: Path, target: Path) -> None:
    """Folders that are there already were moved by a restore that died: they are the same, or not touched."""
    folders = sorted(source.glob("*/*"))
    for folder in folders:
        there = target / folder.relative_to(source)
        if there.exists() and _content(there) != _content(folder):
            raise _occupied(there)
    for folder in folders:
        there = target / folder.relative_to(source)
        if not there.exists():
            os.rename(folder, there)
            make_durable(there.parent)


def _content(folder: Path) -> dict[str, object]:
    return {
        path.relative_to(folder).as_posix(): history.size_and_hash(path) for path in folder.rglob("*") if path.is_file()
    }
