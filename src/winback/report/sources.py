"""Which file is the report: a file, a folder (the newest), a glob, or a name with `{date}` in it."""

from __future__ import annotations

import datetime as dt
import glob
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from winback.core.moments import format_moment, local_date, parse_when
from winback.errors import ReportRefused
from winback.report.address import is_bucket, is_database, shown
from winback.report.packed import PACKED

FORMS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
# Beside reports, such a file may be anything: notes, a log.
_IF_SAID = ".txt"
_DATE = r"(?P<date>\d{4}-?\d{2}-?\d{2}(?:T\d{2}(?::?\d{2}(?::?\d{2})?)?)?(?:Z|[+-]\d{2}:?\d{2})?)"


@dataclass(frozen=True)
class Source:
    """A report; `at` where its name tells the moment. `address`: of one that is not on disk, and is written to `path`
    when it is fetched; a password may be part of it."""

    path: Path
    at: dt.datetime | None = None
    address: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        return shown(self.address) if self.address else str(self.path.absolute())

    @property
    def files(self) -> list[Path]:
        """What of it is on disk."""
        return [] if self.address else [self.path]

    @property
    def form(self) -> str:
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        packed = suffixes.pop() if suffixes and suffixes[-1] in PACKED else ""
        form = FORMS.get(suffixes[-1] if suffixes else "")
        if form is None:
            raise ReportRefused(
                f"{self.path.name}: not a kind of report that can be read; expected one of {', '.join(FORMS)}; text"
                " also as .gz or .zst"
            )
        if packed and form in ("parquet", "xlsx"):
            raise ReportRefused(f"{self.path.name}: {suffixes[-1]} is packed in itself: unpack the {packed}")
        return form


def find_report(pattern: str, tz: ZoneInfo, at_time: dt.time) -> Source:
    """The report that a setting or `--report` means today: of several, the newest."""
    if is_database(pattern):
        return Source(Path("query.parquet"), address=pattern)
    if "{date}" in pattern:
        return dated_reports(pattern, tz, at_time)[-1]
    if is_bucket(pattern):
        from winback.report.buckets import find_object

        return find_object(pattern)
    path = Path(pattern)
    if path.is_dir():
        return Source(_newest(path.iterdir(), pattern))
    if glob.has_magic(pattern) and not path.exists():
        return Source(_newest(map(Path, _fitting(pattern)), pattern))
    if not path.exists():
        raise ReportRefused(f"no report at {pattern}: expected a file, a folder, a glob or a name with {{date}}")
    return Source(path)


def dated_reports(pattern: str, tz: ZoneInfo, at_time: dt.time) -> list[Source]:
    """Every report whose name fits a pattern with `{date}`, oldest first."""
    if is_bucket(pattern):
        from winback.report.buckets import dated_objects

        found = dated_objects(pattern, tz, at_time)
    else:
        found = _dated_files(pattern, tz, at_time)
    if not found:
        place = shown(pattern) if is_bucket(pattern) else pattern
        raise ReportRefused(f"no report fits {place}: {{date}} stands for a date such as 2026-11-03 or 20261103T0900")
    return sorted(found, key=lambda source: (source.at or dt.datetime.min.replace(tzinfo=dt.UTC), source.path))


def _dated_files(pattern: str, tz: ZoneInfo, at_time: dt.time) -> list[Source]:
    return [
        Source(Path(name), at)
        for name in _fitting(pattern.replace("{date}", "*"))
        if (at := date_of(name, pattern, tz, at_time)) is not None and os.path.isfile(name)
    ]


def date_of(name: str, pattern: str, tz: ZoneInfo, at_time: dt.time) -> dt.datetime | None:
    """The moment that stands where the pattern has `{date}`; None where the name does not fit."""
    if "{date}" not in pattern:
        return None
    expression = re.escape(pattern).replace(re.escape("*"), ".*").replace(re.escape("?"), ".")
    expression = expression.replace(re.escape("{date}"), _DATE, 1).replace(re.escape("{date}"), ".*")
    match = re.fullmatch(expression, name)
    if match is None:
        return None
    try:
        return parse_when(match["date"], tz, at_time)
    except ValueError:
        return None


def named_moment(name: str, pattern: str, tz: ZoneInfo, at_time: dt.time) -> dt.datetime | None:
    """The moment in the name of a file that somebody gives: where the product's own pattern has it, else its only
    date."""
    return date_of(name, Path(pattern).name, tz, at_time) or date_in(name, tz, at_time)


def date_in(name: str, tz: ZoneInfo, at_time: dt.time) -> dt.datetime | None:
    """The moment in a file's name, where there is just one."""
    found = _only_date(name)
    if found is None:
        return None
    try:
        return parse_when(found["date"], tz, at_time)
    except ValueError:
        return None


def with_date(name: str) -> str | None:
    """A file's name with `{date}` in place of its date; None where it has none, or several."""
    found = _only_date(name)
    return None if found is None else f"{name[: found.start()]}{{date}}{name[found.end() :]}"


def _only_date(name: str) -> re.Match[str] | None:
    found = list(re.finditer(rf"(?<![0-9]){_DATE}(?![0-9])", name))
    return found[0] if len(found) == 1 else None


def of_moment(dated: list[Source], at: dt.datetime, tz: ZoneInfo) -> Source:
    """The report of a moment; else the only one of that local day. Raises ReportRefused where there is none."""
    same_day = [source for source in dated if source.at and local_date(source.at, tz) == local_date(at, tz)]
    exact = [source for source in same_day if source.at == at]
    if exact or len(same_day) == 1:
        return (exact or same_day)[0]
    raise ReportRefused(f"no report of {format_moment(at)}; the newest is {dated[-1].path.name}")


def _fitting(pattern: str) -> list[str]:
    """What a glob finds; a folder that is there is taken as it is called, whatever signs its name has."""
    folder, name = os.path.split(pattern)
    return glob.glob(os.path.join(glob.escape(folder) if os.path.isdir(folder) else folder, name))


def is_report(name: str, pattern: str) -> bool:
    """Whether a file of that name may be one that a folder or glob means; what Excel and others put beside an open file
    is not."""
    if _is_plain_text(name) and not _is_plain_text(pattern):
        return False
    try:
        return not name.startswith((".", "~$")) and bool(Source(Path(name)).form)
    except ReportRefused:
        return False


def _is_plain_text(name: str) -> bool:
    return name.lower().endswith((_IF_SAID, *(_IF_SAID + packed for packed in PACKED)))


def _newest(paths: Iterable[Path], pattern: str) -> Path:
    reports = [path for path in paths if path.is_file() and is_report(path.name, pattern)]
    if not reports:
        raise ReportRefused(
            f"no report in {pattern}: expected a file that ends in one of {', '.join(FORMS)}; in {_IF_SAID} only where"
            f" the pattern does, as in *{_IF_SAID}"
        )
    return max(reports, key=lambda path: (path.stat().st_mtime_ns, path.name))
