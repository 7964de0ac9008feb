"""Reports and files of claims that somebody uploads: kept for a week, each in a folder of its own.

A name is content too: what is kept of it are its ending, by which the file is read, and plain characters, so that its
date counts.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from winback.errors import ReportRefused, UsageError
from winback.faults import plainly
from winback.report.packed import PACKED
from winback.report.sources import FORMS, Source

if TYPE_CHECKING:
    from winback.settings import Settings

FOLDER = ".uploads"
KEPT_FOR = dt.timedelta(days=7)
_PIECE = 1 << 20
_LONGEST_NAME = 100


@plainly
def store_upload(settings: Settings, stream: BinaryIO, name: str, most_bytes: int) -> Path:
    """Where it is now. Raises ReportRefused for another kind of file, or for more bytes; nothing is left of it then."""
    safe = _safe(name)
    remove_old(settings, dt.datetime.now(dt.UTC))
    folder = _folder(settings) / uuid.uuid4().hex
    folder.mkdir(mode=0o700, parents=True)
    try:
        _write(stream, folder / safe, most_bytes)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder / safe


def _write(stream: BinaryIO, path: Path, most_bytes: int) -> None:
    written = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        while piece := stream.read(_PIECE):
            written += len(piece)
            if written > most_bytes:
                raise ReportRefused(
                    f"{path.name} has more than {most_bytes:,} bytes, the most that may be uploaded: expected a smaller"
                    " file, or a report where `winback pull` finds it"
                )
            file.write(piece)


def _safe(name: str) -> str:
    """`../Q3 (final) 2026-11-03.CSV.gz` → `Q3__final__2026-11-03.csv.gz`. A colon is dropped, so that a time stays
    one: `T09:30` → `T0930`."""
    last = re.split(r"[/\\]", name)[-1].replace(":", "")
    stem, endings = _parted(last)
    Source(Path(f"upload{endings}")).form  # noqa: B018
    plain = re.sub(r"[^A-Za-z0-9_+-]", "_", stem).lstrip("_-+")
    return f"{plain[:_LONGEST_NAME] or 'upload'}{endings}"


def _parted(name: str) -> tuple[str, str]:
    """What is before the endings that say what it is, and these."""
    known = "|".join(map(re.escape, FORMS))
    packed = "|".join(map(re.escape, PACKED))
    if found := re.fullmatch(rf"(.*?)((?:{known})(?:{packed})?)", name, re.IGNORECASE | re.DOTALL):
        return found[1], found[2].lower()
    return name, Path(name).suffix


def name_of(settings: Settings, path: str | Path) -> str:
    """How a request names an upload, so that a workspace can be moved. Raises UsageError for any other file."""
    folder, name = Path(path).parent.name, Path(path).name
    if not re.fullmatch("[0-9a-f]{32}", folder) or Path(path) != _folder(settings) / folder / name:
        raise UsageError(f"expected a file that was uploaded, found {path}")
    return f"{folder}/{name}"


def path_of(settings: Settings, name: str) -> Path:
    path = _folder(settings) / name
    if not path.is_file():
        raise ReportRefused(
            f"{path.name} is not there any more: uploads are kept for {KEPT_FOR.days} days; upload it again"
        )
    return path


def remove_old(settings: Settings, now: dt.datetime) -> None:
    """What was uploaded longer ago than uploads are kept for."""
    folder = _folder(settings)
    for entry in folder.iterdir() if folder.is_dir() else ():
        # Several processes may do so at once.
        with suppress(FileNotFoundError):
            if dt.datetime.fromtimestamp(entry.stat().st_mtime, dt.UTC) < now - KEPT_FOR:
                shutil.rmtree(entry)


def _folder(settings: Settings) -> Path:
    return settings.data_path / FOLDER
