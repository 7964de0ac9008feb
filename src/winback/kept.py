"""Which files of the history the database names: the bridge between a pull's row and its Parquet files."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import DatabaseError

from winback.core.moments import format_moment
from winback.errors import WinbackError
from winback.report import history
from winback.report.check import Checked
from winback.report.engine import Engine, open_engine
from winback.report.history import Kept
from winback.report.meet import Met, fingerprint_of
from winback.store import database
from winback.store.models import Pull

if TYPE_CHECKING:
    from winback.settings import Product, Settings


def last_applied(product: str, until: dt.datetime | None = None) -> Pull | None:
    """The newest applied pull, of those not later than `until`."""
    applied = Pull.objects.filter(product=product, status="applied").order_by("-at")
    return (applied if until is None else applied.filter(at__lte=until)).first()


def history_of(settings: Settings, pull: Pull | None) -> Kept | None:
    """The history as a pull left it; None before the first. Raises where a file is gone or of another size."""
    if pull is None:
        return None
    if pull.report_file is None or pull.absent_file is None:
        raise WinbackError(f"the history of pull {pull.pk} is not kept any more")
    if pull.fingerprint.startswith("duckdb "):
        raise WinbackError(
            f"the history of pull {pull.pk} was written by an earlier winback, in files that this one does not read:"
            " make a new workspace, and fill it with `winback backfill`"
        )
    for path, size, _ in files_of(settings, pull):
        if not path.exists() or history.size_of(path) != size:
            raise _damaged(path)
    return _kept(settings, pull)


def files_of(settings: Settings, pull: Pull) -> list[tuple[Path, int | None, str | None]]:
    """The files that a pull names for what it read and for its history: path, size, hash."""
    named = (
        (pull.report_file, pull.report_size, pull.report_hash),
        (pull.base_file, pull.base_size, pull.base_hash),
        (pull.absent_file, pull.absent_size, pull.absent_hash),
    )
    return [(settings.data_path / name, size, digest) for name, size, digest in named if name]


def _kept(settings: Settings, pull: Pull) -> Kept:
    report, base, absent = (
        settings.data_path / name if name else None for name in (pull.report_file, pull.base_file, pull.absent_file)
    )
    assert report is not None  # noqa: S101
    return Kept(pull.at, report, absent, base)


def verified_history(settings: Settings, pull: Pull | None) -> Kept | None:
    """The same, its files read whole: raises where one is not as it was written."""
    found = history_of(settings, pull)
    if pull is not None:
        for path, _, digest in files_of(settings, pull):
            if history.size_and_hash(path)[1] != digest:
                raise _damaged(path)
    return found


@contextmanager
def verifying_history(settings: Settings, pull: Pull | None) -> Iterator[Kept | None]:
    """The same beside the work that needs it: raises at its end at the latest, whatever the damage has led to."""
    found = history_of(settings, pull)
    with ThreadPoolExecutor(1) as beside:
        verified = beside.submit(verified_history, settings, pull)
        try:
            yield found
        finally:
            verified.result()


def _damaged(path: Path) -> WinbackError:
    """Whichever pull wrote it: that of a base may not be kept any more."""
    return WinbackError(
        f"the history is damaged: {path} is missing or not as it was written; put it back from a backup"
        " (docs/operations.md, When something breaks)"
    )


@contextmanager
def at_work(settings: Settings, product: Product) -> Iterator[None]:
    """One process at a time works on a product's history; at the end, what the database does not name is deleted:
    histories that are not kept any more, and what a process that died has left."""
    with history.locked(settings.data_path / product.name), database.locked(product.name):
        try:
            yield
        except BaseException as error:
            # A connection that was interrupted in the middle can't be asked; the next pull deletes what is left then.
            if not database.is_unknown_outcome(error):
                with suppress(DatabaseError):
                    remove_unnamed(settings, product.name)
            raise
        remove_unnamed(settings, product.name)


@contextmanager
def folder_for(settings: Settings, product: Product, at: dt.datetime, is_trial: bool = False) -> Iterator[Path]:
    """A new folder for a pull's files. A trial leaves nothing behind."""
    if is_trial:
        with tempfile.TemporaryDirectory(prefix="winback-") as name:
            yield Path(name)
    else:
        folder = new_folder(settings, product, at)
        with cleared(settings, folder):
            yield folder


def new_folder(settings: Settings, product: Product, at: dt.datetime) -> Path:
    return history.new_folder(settings.data_path / product.name, at)


@contextmanager
def cleared(settings: Settings, folder: Path) -> Iterator[None]:
    """Around the work on a pull's folder, which is deleted where it fails."""
    try:
        yield
    except BaseException as error:
        # After the commit, too, something can fail or be interrupted; what stays unnamed the next pull deletes.
        if not database.is_unknown_outcome(error) and not _is_named(settings, folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _is_named(settings: Settings, folder: Path) -> bool:
    """Whether a pull names what is in a folder; for all one knows, where the database can't be asked."""
    try:
        return Pull.objects.filter(report_file__startswith=f"{name_of(settings, folder)}/").exists()
    except DatabaseError:
        return True


def engine_for(
    settings: Settings, product: Product, folder: Path, readable: Sequence[Path] = (), one_thread: bool = False
) -> Engine:
    """`one_thread`: what it reads is little."""
    workspace = settings.workspace
    folders = [settings.data_path / product.name, *readable]
    return open_engine(workspace.engine, folders, folder, workspace.engine_memory, one_thread)


def engine_for_all(settings: Settings, product: Product, readable: Sequence[Path], one_thread: bool) -> Engine:
    """One for several pulls, which sees the product's folder."""
    folder = settings.data_path / product.name
    folder.mkdir(parents=True, exist_ok=True)
    return engine_for(settings, product, folder, readable, one_thread)


def folder_of(settings: Settings, pull: Pull) -> Path:
    """Where the files of a pull are that has read its report."""
    return (settings.data_path / str(pull.report_file)).parent


def name_report(settings: Settings, pull: Pull, met: Met) -> None:
    """Has a pull name what has its report, with sizes and hashes; those of a base are known from the pull before."""
    pull.report_file, pull.base_file = name_of(settings, met.report_file), None
    pull.report_size, pull.report_hash = history.size_and_hash(met.report_file)
    if met.base is None:
        return
    pull.base_file = name_of(settings, met.base)
    last = last_applied(pull.product)
    assert last is not None  # noqa: S101
    is_whole = last.base_file is None
    pull.base_size = last.report_size if is_whole else last.base_size
    pull.base_hash = last.report_hash if is_whole else last.base_hash


def report_of(settings: Settings, pull: Pull) -> Kept:
    """What a pull has read; raises where it is not as it was read (rules.md R3.12)."""
    read = _kept(settings, pull)
    damaged = next((path for path in _damaged_files(settings, pull) if path != read.absent), None)
    if damaged and pull.status == "held":
        raise WinbackError(
            f"what pull {pull.pk} read is not there as it was read ({damaged}): pull its report again with --at"
            f" {format_moment(pull.at)}, and it takes this one's place"
        )
    if damaged:
        raise _damaged(damaged)
    return read


def see_report(engine: Engine, settings: Settings, pull: Pull) -> None:
    """Makes the view `report` of what a pull read; raises where it is not as it was read."""
    read = report_of(settings, pull)
    history.see_report(engine, "report", read.report, read.base)


def has_read(settings: Settings, engine: Engine, pull: Pull, checked: Checked) -> bool:
    """Whether a pull has read the same rows (rules.md R3.14). Another engine, or another version of it, has other
    hashes: then what is kept of that report is asked. A held pull whose files are damaged has not read anything that
    could be approved."""
    is_kept = pull.report_file is not None and all(path.exists() for path, _, _ in files_of(settings, pull))
    if pull.status == "held" and (not is_kept or _damaged_files(settings, pull)):
        return False
    if pull.fingerprint.startswith(f"{engine.name} "):
        return bool(pull.fingerprint == checked.fingerprint)
    return is_kept and fingerprint_of(engine, _kept(settings, pull)) == checked.fingerprint


def _damaged_files(settings: Settings, pull: Pull) -> list[Path]:
    """Those that are missing, or not as they were written."""
    files = files_of(settings, pull)
    return [path for path, *written in files if not path.exists() or [*history.size_and_hash(path)] != written]


def name_absent(settings: Settings, pull: Pull, absent: Path) -> None:
    """Has a pull name the accounts that are not in its report, with size and hash."""
    pull.absent_file = name_of(settings, absent)
    pull.absent_size, pull.absent_hash = history.size_and_hash(absent)


def name_of(settings: Settings, path: Path) -> str:
    """How the database names a file: relative to the folder of all histories, so that a workspace can be moved."""
    try:
        return path.relative_to(settings.data_path).as_posix()
    except ValueError:
        return str(path)


def remove_unnamed(settings: Settings, product: str, but: Path | None = None) -> None:
    """`but`: a folder that is at work and has no name yet."""
    names = Pull.objects.filter(product=product).values_list("report_file", "base_file", "absent_file", "rejected_file")
    if not names:
        # A database without any pull of the product may be a new one in the place of a lost one: what it does not
        # know may be the history of that.
        return
    named = {settings.data_path / name for row in names for name in row if name}
    history.remove_unnamed(settings.data_path / product, named, but)
