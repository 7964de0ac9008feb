"""Who reads the report of a pull: a reader that does so when asked, or one that reads the next of many beside the work
on this one."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from winback import kept
from winback.report.check import Checked, check_report
from winback.report.engine import Engine
from winback.report.history import Kept
from winback.report.sources import Source
from winback.report.steady import steady
from winback.store.models import Pull

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from winback.settings import Product, Settings

# Bytes up to which a report is read ahead. A larger one keeps the engine busy on all cores by itself, and needs its
# memory.
_READ_AHEAD = 32 << 20
# Bytes up to which a report, and the history beside it, are for one thread: so few rows are one piece of work, and
# others would only stand by.
_ONE_THREAD = 4 << 20


@dataclass(frozen=True)
class Read:
    """A report that has been read: into which folder, by which engine, beside the history of the last applied pull."""

    folder: Path
    engine: Engine
    checked: Checked


class Reader(Protocol):
    def read(self, source: Source, at: dt.datetime, last: Pull | None) -> AbstractContextManager[Read]:
        """The report, read beside the history that `last` left. Raises ReportRefused; the folder is deleted again where
        no pull comes to name what is in it."""

    def history_written(self, history: Kept) -> None:
        """The files of the new history are written, and nothing else of the pull is yet."""


@dataclass(frozen=True)
class OneReport:
    """Reads a report when asked, in an engine of its own."""

    settings: Settings
    product: Product
    is_trial: bool = False

    @contextmanager
    def read(self, source: Source, at: dt.datetime, last: Pull | None) -> Iterator[Read]:
        is_little = _are_within(_ONE_THREAD, source) and _size_of_history(self.settings, last) <= _ONE_THREAD
        with (
            kept.folder_for(self.settings, self.product, at, self.is_trial) as folder,
            kept.engine_for(self.settings, self.product, folder, source.files, is_little) as engine,
        ):
            yield _read(self.settings, self.product, source, folder, engine, last)

    def history_written(self, history: Kept) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class _Ahead:
    source: Source
    history: Kept
    folder: Path
    engine: Engine
    reading: Future[Checked]


class ManyReports:
    """Reads one after the other. As soon as a history is written, the next report is read beside it, while the database
    takes in what this one changed. What was read ahead counts only where the pull before was applied just so, and
    nothing failed; else the report is read when it is asked for. One engine for all: to open another for each small
    report would take longer than to read it."""

    def __init__(self, settings: Settings, product: Product, sources: list[Source]) -> None:
        self._settings, self._product = settings, product
        self._following = dict(itertools.pairwise(sources))
        self._current: Source | None = None
        self._ahead: _Ahead | None = None
        files = [file for source in sources for file in source.files]
        engine = kept.engine_for_all(settings, product, files, _are_within(_ONE_THREAD, *sources))
        self._engine, self._beside = engine, engine.beside()
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._beside is not None:
            self._beside.interrupt()
        self._thread.shutdown()
        if self._beside is not None:
            self._beside.close()
        self._engine.close()

    @property
    def at_work_in(self) -> Path | None:
        """The folder of what is being read ahead, which no pull names yet."""
        return self._ahead.folder if self._ahead else None

    @contextmanager
    def read(self, source: Source, at: dt.datetime, last: Pull | None) -> Iterator[Read]:
        self._current = source
        before = kept.history_of(self._settings, last)
        ahead, self._ahead = self._ahead, None
        if ahead is not None and self._is_of_use(ahead, source, before):
            self._engine, self._beside = ahead.engine, self._engine
            with kept.cleared(self._settings, ahead.folder):
                kept.verified_history(self._settings, last)
                yield Read(ahead.folder, ahead.engine, ahead.reading.result())
            return
        with kept.folder_for(self._settings, self._product, at) as folder:
            yield _read(self._settings, self._product, source, folder, self._engine, last)

    def history_written(self, history: Kept) -> None:
        following = self._following.get(self._current) if self._current else None
        if self._beside is None or following is None or following.at is None or not _are_within(_READ_AHEAD, following):
            return
        folder = kept.new_folder(self._settings, self._product, following.at)
        tz = self._settings.workspace.timezone
        reading = self._thread.submit(_check, self._beside, following, self._product, tz, folder, history)
        self._ahead = _Ahead(following, history, folder, self._beside, reading)

    def _is_of_use(self, ahead: _Ahead, source: Source, before: Kept | None) -> bool:
        return ahead.reading.exception() is None and (ahead.source, ahead.history) == (source, before)


def _read(
    settings: Settings, product: Product, source: Source, folder: Path, engine: Engine, last: Pull | None
) -> Read:
    with kept.verifying_history(settings, last) as before:
        return Read(folder, engine, _check(engine, source, product, settings.workspace.timezone, folder, before))


def _check(engine: Engine, source: Source, product: Product, tz: str, folder: Path, before: Kept | None) -> Checked:
    with steady(*source.files):
        return check_report(engine, source, product, tz, folder, before)


def _are_within(size: int, *sources: Source) -> bool:
    """Whether each of some reports has no more bytes. A file that is gone is left to the pull that needs it."""
    try:
        sizes = [sum(file.stat().st_size for file in source.files) for source in sources if source.files]
        return len(sizes) == len(sources) and max(sizes, default=0) <= size
    except OSError:
        return False


def _size_of_history(settings: Settings, last: Pull | None) -> int:
    return sum(size or 0 for _, size, _ in kept.files_of(settings, last)) if last else 0
