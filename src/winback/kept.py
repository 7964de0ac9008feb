"""Which files of the history the database names: the bridge between a pull's row and its Parquet files."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import WinbackError
from winback.report import history
from winback.report.engine import Engine, open_engine
from winback.report.history import Kept
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
    report, absent = settings.data_path / pull.report_file, settings.data_path / pull.absent_file
    for path, size in ((report, pull.report_size), (absent, pull.absent_size)):
        if not path.exists() or history.size_of(path) != size:
            raise _damaged(pull, path)
    return Kept(pull.at, report, absent)


def verified_history(settings: Settings, pull: Pull | None) -> Kept | None:
    """The same, its files read whole: raises where one is not as it was written."""
    found = history_of(settings, pull)
    if found is not None and pull is not None:
        for path, digest in zip(found.files, (pull.report_hash, pull.absent_hash), strict=True):
            if history.size_and_hash(path)[1] != digest:
                raise _damaged(pull, path)
    return found


@contextmanager
def verifying_history(settings: Settings, pull: Pull | None) -> Iterator[Callable[[], Kept | None]]:
    """The same beside other work, such as reading a report; what is given is called when the history is needed."""
    history_of(settings, pull)
    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(verified_history, settings, pull).result


def _damaged(pull: Pull, path: Path) -> WinbackError:
    return WinbackError(
        f"the history is damaged: {path} is missing or not as pull {pull.pk} wrote it; put it back from a backup"
        " (docs/operations.md, When something breaks)"
    )


@contextmanager
def at_work(settings: Settings, product: Product) -> Iterator[None]:
    """One process at a time works on a product's history; at the end, what the database does not name is deleted:
    histories that are not kept any more, and what a process that died has left."""
    with history.locked(settings.data_path / product.name):
        try:
            yield
        finally:
            _remove_unnamed(settings, product.name)


@contextmanager
def folder_for(settings: Settings, product: Product, at: dt.datetime, is_trial: bool) -> Iterator[Path]:
    """A new folder for a pull's files. A trial leaves nothing behind."""
    if is_trial:
        with tempfile.TemporaryDirectory(prefix="winback-") as name:
            yield Path(name)
    else:
        folder = history.new_folder(settings.data_path / product.name, at)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def engine_for(settings: Settings, product: Product, folder: Path, *readable: Path) -> Engine:
    workspace = settings.workspace
    return open_engine(
        workspace.engine, [settings.data_path / product.name, *readable], folder, workspace.engine_memory
    )


def folder_of(settings: Settings, pull: Pull) -> Path:
    """Where the files of a pull are that has read its report."""
    return (settings.data_path / str(pull.report_file)).parent


def name_report(settings: Settings, pull: Pull) -> None:
    """Notes size and hash of what a pull has read."""
    pull.report_size, pull.report_hash = history.size_and_hash(settings.data_path / str(pull.report_file))


def report_of(settings: Settings, pull: Pull) -> Path:
    """What a held pull has read; raises where it is not as it was read (rules.md R3.12)."""
    path = settings.data_path / str(pull.report_file)
    if not path.exists() or history.size_and_hash(path) != (pull.report_size, pull.report_hash):
        raise WinbackError(f"what pull {pull.pk} read is not there as it was read ({path}): reject it and pull again")
    return path


def name_files(settings: Settings, pull: Pull, absent: Path) -> None:
    """Has a pull name the two files of its history, with sizes and hashes."""
    pull.absent_file = name_of(settings, absent)
    name_report(settings, pull)
    pull.absent_size, pull.absent_hash = history.size_and_hash(absent)


def name_of(settings: Settings, path: Path) -> str:
    """How the database names a file: relative to the folder of all histories, so that a workspace can be moved."""
    try:
        return path.relative_to(settings.data_path).as_posix()
    except ValueError:
        return str(path)


def _remove_unnamed(settings: Settings, product: str) -> None:
    names = Pull.objects.filter(product=product).values_list("report_file", "absent_file", "rejected_file")
    if not names:
        # A database without any pull of the product may be a new one in the place of a lost one: what it does not
        # know may
        # be the history of that.
        return
    named = {settings.data_path / name for row in names for name in row if name}
    history.remove_unnamed(settings.data_path / product, named)
