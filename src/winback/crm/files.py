"""Activities in files that somebody exports: each is read when it is new or was written anew."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from winback.core.activities import Page, Since
from winback.crm.cells import Reader
from winback.crm.rows import read_rows
from winback.errors import SettingsError, WinbackError
from winback.report.sources import Source, is_report
from winback.report.steady import steady, written
from winback.settings.crm_sections import CrmFiles
from winback.settings.sections import Export

if TYPE_CHECKING:
    from winback.settings import Settings


class Files:
    name = "files"

    def __init__(self, settings: Settings) -> None:
        assert settings.crm.files is not None  # noqa: S101
        self._section: CrmFiles = settings.crm.files
        self._pattern = settings.resolve(str(self._section.path))
        self._tz = settings.tz
        self._export = Export(
            name="crm.files",
            delimiter=self._section.delimiter,
            encoding=self._section.encoding,
            sheet=self._section.sheet,
            max_report_bytes=self._section.max_report_bytes,
        )

    def pages(self, since: Since) -> Iterator[Page]:
        for path in self._found():
            at = written(path)
            if since.again is None and since.marks.get(path.name) == at:
                continue
            yield from self._read(path)
            yield Page(path.name, read_until=at)

    def look(self) -> str:
        paths = self._found()
        for _ in self._read(paths[-1]):
            break
        many = "1 file" if len(paths) == 1 else f"{len(paths):,} files"
        return f"{many} in {self._pattern}; the newest is {paths[-1].name}"

    def _read(self, path: Path) -> Iterator[Page]:
        with steady(path), tempfile.TemporaryDirectory(prefix="winback-") as folder:
            reader = Reader(self._section.kind_names)
            batches = read_rows(Source(path), self._export, self._section.columns, reader, self._tz, Path(folder))
            for records, owners, remarks in batches:
                yield Page(path.name, records, owners=owners, remarks=remarks)

    def _found(self) -> list[Path]:
        """Every file, the oldest first, so that the newest has the last word on a record."""
        pattern = self._pattern
        named: Iterable[Path] = [Path(pattern)] if os.path.isfile(pattern) else map(Path, glob.glob(pattern))
        if os.path.isdir(pattern):
            named = Path(pattern).iterdir()
        found = [path for path in named if path.is_file() and is_report(path.name, pattern)]
        if not found:
            raise WinbackError(f"crm.files.path: no file at {pattern}: expected a file, a folder or a pattern with *")
        names = [path.name for path in found]
        if len(set(names)) < len(names):
            raise SettingsError("crm.files.path: several files have one name in several folders: name one folder")
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
