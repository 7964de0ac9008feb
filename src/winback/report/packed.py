"""Files as bytes: packed ones are unpacked as they are read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from winback.errors import ReportRefused

PACKED = (".gz", ".zst")
# What of a report its form is told from; longer than any header.
HEAD = 1 << 18
_PIECE = 1 << 20


def is_packed(path: Path) -> bool:
    return path.suffix.lower() in PACKED


def chunks_of(path: Path, size: int = _PIECE) -> Iterator[bytes]:
    """The bytes of a report, unpacked. Raises ReportRefused where they can't be read."""
    try:
        with _opened(path) as stream:
            while chunk := stream.read(size):
                yield chunk
    except (EOFError, zlib.error) as error:
        raise ReportRefused(f"{path.name} can't be unpacked: {error}; is the file complete?") from error
    except OSError as error:
        if error.errno is None and is_packed(path):
            raise ReportRefused(f"{path.name} can't be unpacked: {error}; is the file complete?") from error
        raise ReportRefused(f"{path.name} can't be read: {error.strerror or error}") from error


def head_of(path: Path) -> bytes:
    head = next(chunks_of(path, HEAD), b"")
    if not head:
        raise ReportRefused(f"{path.name} is empty: expected a report with a header")
    return head


def _opened(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], gzip.open(path))
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        return cast(IO[bytes], pa.input_stream(str(path), compression="zstd"))
    return path.open("rb")
