"""The history: Parquet files in a folder a pull, named by the pull's row in the database (rules.md R1.2)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from winback import durable
from winback.errors import WinbackError
from winback.report.engine import Engine, Row
from winback.report.statements import Sql, identifier, literal, parquet, statement

_PATIENCE = 600
_OURS = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
COLUMNS = (
    "uid",
    "merchant_name",
    "csm_name",
    "csm_email",
    "region",
    "gmv",
    "revenue",
    "is_product_enabled",
    "in_last_report",
    "last_seen_at",
)


@dataclass(frozen=True)
class Kept:
    """The files of one applied pull. `report`: what it wrote of its report; `absent`: the accounts that are not in it,
    None where there are none; `base`: the earlier report that has the rest of it, None where it was written whole."""

    at: dt.datetime
    report: Path
    absent: Path | None = None
    base: Path | None = None

    @property
    def files(self) -> list[Path]:
        return [file for file in (self.report, self.absent, self.base) if file is not None]


def see_history(engine: Engine, name: str, kept: Kept | None) -> None:
    """Makes the view `name` of the history that a pull left; an empty one where there is none yet."""
    engine.view(name, query_of(kept))


def query_of(kept: Kept | None) -> str:
    """What gives the accounts of a history."""
    if kept is None:
        return statement("nothing")
    absent = parquet(kept.absent) if kept.absent else f"({statement('nothing')})"
    return statement("history", at=kept.at, report=Sql(_report(kept.report, kept.base)), absent=Sql(absent))


def see_report(engine: Engine, name: str, written: Path, base: Path | None) -> None:
    """Makes the view `name` of what a pull read, whole: accepted and rejected rows."""
    engine.view(name, _report(written, base))


def _report(written: Path, base: Path | None) -> str:
    if base is None:
        return statement("whole_report", written=Sql(parquet(written)))
    return statement("report", written=Sql(parquet(written)), base=Sql(parquet(base)))


@contextmanager
def locked(product_folder: Path) -> Iterator[None]:
    """One process at a time works on a product; the lock of the operating system is free again when its holder dies."""
    product_folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(product_folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"another process is at work on {product_folder.name}; waiting for it …", file=sys.stderr)  # noqa: T201
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout as error:
            raise WinbackError(
                f"another process has been at work on {product_folder.name} for {_PATIENCE} s: try again later"
            ) from error
    try:
        yield
    finally:
        lock.release()


def new_folder(product_folder: Path, at: dt.datetime) -> Path:
    """A folder that no other pull has; one that no pull in the database names is left over from a process that died."""
    folder = product_folder / f"{at:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    return folder


def histories_in(product_folder: Path) -> list[Path]:
    """The folders that pulls have made."""
    if not product_folder.is_dir():
        return []
    return [entry for entry in product_folder.iterdir() if entry.is_dir() and _OURS.fullmatch(entry.name)]


def remove_unnamed(product_folder: Path, named: set[Path], but: Path | None) -> None:
    """Deletes folders and files of pulls that the database does not name (any more), but for one folder; only under the
    product's lock, and only folders that `new_folder` has made: somebody may keep reports beside them."""
    for folder in histories_in(product_folder):
        if folder == but:
            continue
        kept = {path for path in named if path.parent == folder}
        if not kept:
            shutil.rmtree(folder)
            continue
        for file in folder.iterdir():
            if file not in kept:
                remove(file)


def remove(file: Path) -> None:
    shutil.rmtree(file) if file.is_dir() else file.unlink()


def parts_of(file: Path) -> list[Path]:
    """A file of ours; where Spark wrote it, it is a folder of several."""
    return sorted(file.iterdir()) if file.is_dir() else [file]


def make_durable(folder: Path) -> None:
    """What the database is about to name must outlive a power cut: files first, then the folders that list them."""
    files = list(folder.iterdir())
    parts = [part for file in files if file.is_dir() for part in parts_of(file)]
    for path in [*parts, *files, folder, folder.parent]:
        durable.make_durable(path)


def size_and_hash(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    for part in parts_of(path):
        with part.open("rb") as stream:
            hashlib.file_digest(stream, lambda: digest)
    return size_of(path), digest.hexdigest()


def size_of(path: Path) -> int:
    return sum(part.stat().st_size for part in parts_of(path))


def other_columns(engine: Engine, view: str) -> list[str]:
    """Names of the report's other columns that any account of a view has."""
    rows = engine.fetch(
        f"select distinct name from (select unnest(json_keys(other_columns)) as name from {view}) order by name"
    )
    return [name for (name,) in rows]


def history_rows(
    engine: Engine, view: str, others: list[str], where: str, columns: tuple[str, ...] = COLUMNS, span: str = ""
) -> Iterator[list[Row]]:
    """Rows of these and the other columns, in order of UID; amounts as Decimal, moments in microseconds. `span`: which
    of them, as SQL says it."""
    cells = [
        *columns,
        *(f"json_extract_string(other_columns, {literal(_pointer(name))}) as {identifier(name)}" for name in others),
    ]
    return engine.stream(f"select {', '.join(cells)} from {view} where {where} order by uid{span}")


def count(engine: Engine, view: str, where: str) -> int:
    ((found,),) = engine.fetch(f"select count(*) from {view} where {where}")
    return int(found)


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
