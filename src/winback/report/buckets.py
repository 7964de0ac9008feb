"""Reports in object storage, through pyarrow: which object is the report, and its content."""

from __future__ import annotations

import datetime as dt
import fnmatch
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from winback.errors import ReportRefused
from winback.report.address import shown, without_secrets
from winback.report.sources import Source, date_of, is_report

if TYPE_CHECKING:
    from pyarrow import fs

T = TypeVar("T")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Bucket:
    """`start` and `end`: what stands before and after an object's path in its address."""

    storage: fs.FileSystem
    start: str
    end: str
    pattern: str

    def source_of(self, path: str, at: dt.datetime | None = None) -> Source:
        return Source(Path(posixpath.basename(path)), at, f"{self.start}{path}{self.end}")


def find_object(pattern: str) -> Source:
    """An object; the newest report of a folder or of a pattern."""
    bucket = _open(pattern)
    path = bucket.pattern.rstrip("/")
    if any(sign in path for sign in "*?["):
        fitting = [info for info in _under(bucket, _fixed(path)) if _fits(info.path, path)]
        return _newest(fitting, bucket, pattern)
    (info,) = _asked(pattern, lambda: bucket.storage.get_file_info([path]))
    if info.is_file:
        return bucket.source_of(path)
    return _newest([each for each in _under(bucket, path) if posixpath.dirname(each.path) == path], bucket, pattern)


def dated_objects(pattern: str, tz: ZoneInfo, at_time: dt.time) -> list[Source]:
    """Every object whose path fits a pattern with `{date}`."""
    bucket = _open(pattern)
    dated = [
        (info.path, date_of(info.path, bucket.pattern, tz, at_time)) for info in _under(bucket, _fixed(bucket.pattern))
    ]
    return [bucket.source_of(path, at) for path, at in dated if at is not None]


def content_of(address: str) -> Iterator[bytes]:
    """The bytes of an object, as they come."""
    bucket = _open(address)
    stream = _asked(address, lambda: bucket.storage.open_input_stream(bucket.pattern, compression=None))
    with stream:
        while chunk := _asked(address, lambda: stream.read(_CHUNK)):
            yield chunk


def _open(address: str) -> Bucket:
    """What stands behind `?` is for pyarrow: `endpoint_override`, `region`, `scheme` and the like."""
    from pyarrow import fs

    scheme, _, rest = address.partition("://")
    place, sign, options = rest.partition("?") if "?" in rest and "=" in rest.rpartition("?")[2] else (rest, "", "")
    name, _, path = place.partition("/")
    storage, root = _asked(address, lambda: fs.FileSystem.from_uri(f"{scheme}://{name}/{sign}{options}"))
    root = root.strip("/")
    return Bucket(storage, f"{scheme}://{name.removesuffix(root)}", f"{sign}{options}", f"{root}/{path}")


def _under(bucket: Bucket, folder: str) -> list[fs.FileInfo]:
    from pyarrow import fs

    selector = fs.FileSelector(folder, allow_not_found=True, recursive=True)
    return [info for info in _asked(bucket.start, lambda: bucket.storage.get_file_info(selector)) if info.is_file]


def _fixed(pattern: str) -> str:
    """The folder above the first sign of a pattern."""
    first = min((pattern.find(sign) for sign in "*?[{" if sign in pattern), default=len(pattern))
    return posixpath.dirname(pattern[:first])


def _fits(path: str, pattern: str) -> bool:
    parts, patterns = path.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatch.fnmatchcase, parts, patterns))


def _newest(found: list[fs.FileInfo], bucket: Bucket, pattern: str) -> Source:
    reports = [info for info in found if is_report(posixpath.basename(info.path), pattern)]
    if not reports:
        raise ReportRefused(
            f"no report at {shown(pattern)}: expected an object, a folder, a glob or a name with {{date}}"
        )
    return bucket.source_of(max(reports, key=lambda info: (info.mtime_ns or 0, info.path)).path)


def _asked(address: str, work: Callable[[], T]) -> T:
    import pyarrow as pa

    try:
        return work()
    except (pa.ArrowException, OSError) as error:
        raise ReportRefused(f"{shown(address)} can't be read: {without_secrets(str(error), address)}") from error
