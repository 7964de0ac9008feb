"""A backup as one file: a tar archive packed with Zstandard, which `tar --zstd -xf` unpacks too.

    MANIFEST.json      what made it, of what, and which members follow with how many bytes
    winback.toml       the settings, without any secret
    database.sqlite3   the database, whatever kind it was of
    data/…             the files of the histories that the database names
    SHA256SUMS         of all that is before it, for `sha256sum -c`

An archive comes from outside: nothing in it is trusted before every hash is right.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any

import msgspec
import pyarrow as pa

from winback.durable import make_durable
from winback.errors import WinbackError

FORMAT = 1
MANIFEST, SETTINGS, DATABASE, SUMS = "MANIFEST.json", "winback.toml", "database.sqlite3", "SHA256SUMS"
_PART = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9_.=-]+"
_OF_HISTORY = re.compile(rf"data/{_PART}/\d{{8}}T\d{{6}}Z-[0-9a-f]{{8}}(/{_PART}){{1,2}}")
_LONGEST = 64 << 20  # of the manifest and of the sums: a few bytes for each member
_CHUNK = 1 << 20

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Manifest:
    """`members`: name → bytes, in the order in which they follow."""

    format: int
    winback: str
    created_at: str
    database: str
    products: list[str]
    members: dict[str, int]


def write_archive(path: Path, manifest: Manifest, files: Mapping[str, Path], tell: Tell) -> None:
    """`files`: the members; `tell` hears how many bytes of how many are done."""
    sums = ""
    progress = _Progress(sum(manifest.members.values()), tell)
    with (
        pa.CompressedOutputStream(_of_owner_alone(path), "zstd") as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        text = json.dumps(asdict(manifest), indent=2).encode()
        sums += _add(tar, MANIFEST, len(text), io.BytesIO(text))
        for name, file in files.items():
            with file.open("rb") as stream:
                sums += _add(tar, name, manifest.members[name], stream, progress)
        _add(tar, SUMS, len(sums), io.BytesIO(sums.encode()))
    make_durable(path)


def _of_owner_alone(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class _Progress:
    def __init__(self, total: int, tell: Tell) -> None:
        self._done, self._total, self._tell = 0, total, tell

    def add(self, count: int) -> None:
        self._done += count
        self._tell(self._done, self._total)


class _Hashed(io.RawIOBase):
    """Reads a stream, and knows the hash of what was read."""

    def __init__(self, stream: IO[bytes], progress: _Progress | None) -> None:
        self._stream, self._progress, self.hash = stream, progress, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._stream.read(size)
        self.hash.update(chunk)
        if self._progress:
            self._progress.add(len(chunk))
        return chunk


def _add(tar: tarfile.TarFile, name: str, size: int, stream: IO[bytes], progress: _Progress | None = None) -> str:
    """A line of SUMS."""
    member, read = tarfile.TarInfo(name), _Hashed(stream, progress)
    member.size, member.mode = size, 0o600
    tar.addfile(member, read)
    return f"{read.hash.hexdigest()}  {name}\n"


def verify(path: Path, tell: Tell) -> tuple[Manifest, bytes]:
    """The manifest and the settings. Raises unless every member is there and as it was written."""
    settings = io.BytesIO()
    with open(os.devnull, "wb") as nowhere:
        manifest = _read_all(path, lambda name: nullcontext(settings if name == SETTINGS else nowhere), tell)
    return manifest, settings.getvalue()


def unpack(path: Path, folder: Path, tell: Tell) -> None:
    """Unpacks all members into a folder of their own, verifying them again."""

    def opened(name: str) -> AbstractContextManager[IO[bytes]]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("xb")

    for name in _read_all(path, opened, tell).members:
        make_durable(folder / name)


def _read_all(path: Path, opened: Callable[[str], AbstractContextManager[IO[bytes]]], tell: Tell) -> Manifest:
    """`opened`: where the content of a member goes."""
    with _opened(path) as archive:
        found, sums = {MANIFEST: archive.digest}, ""
        progress = _Progress(sum(archive.manifest.members.values()), tell)
        for name, stream in archive.members():
            if name == SUMS:
                sums = stream.read().decode(errors="replace")
                continue
            read = _Hashed(stream, progress)
            with opened(name) as target:
                shutil.copyfileobj(read, target, _CHUNK)
            found[name] = read.hash.hexdigest()
    if not sums or list(found) != [MANIFEST, *archive.manifest.members]:
        raise _damaged(path, "its end is missing")
    lines = [f"{digest}  {name}" for name, digest in found.items()]
    for line, written, name in zip_longest(lines, sums.splitlines(), found):
        if line != written:
            raise _damaged(path, f"{name or SUMS} is not as it was written")
    return archive.manifest


@contextmanager
def _opened(path: Path) -> Iterator[_Archive]:
    with path.open("rb") as raw:
        try:
            packed = _Packed(path, raw)
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                yield _Archive(path, tar)
            # What is cut may be behind the last member.
            while packed.read(_CHUNK):
                pass
        except (tarfile.TarError, EOFError) as error:
            raise _damaged(path, str(error)) from error


class _Packed(io.RawIOBase):
    """What can't be unpacked is damage, and not the disk's fault."""

    def __init__(self, path: Path, raw: IO[bytes]) -> None:
        self._path, self._stream = path, pa.CompressedInputStream(raw, "zstd")

    def read(self, size: int = -1, /) -> bytes:
        try:
            return bytes(self._stream.read(size))
        except (OSError, pa.ArrowException) as error:
            raise _damaged(self._path, str(error)) from error


class _Archive:
    """One that is read, from its beginning to its end. `digest`: the hash of the manifest."""

    def __init__(self, path: Path, tar: tarfile.TarFile) -> None:
        self._path, self._tar, self._left = path, tar, iter(tar)
        text = self._first()
        self.manifest, self.digest = _understood(path, text), hashlib.sha256(text).hexdigest()

    def _first(self) -> bytes:
        first = next(self._left, None)
        stream = self._tar.extractfile(first) if first and first.isreg() and first.size <= _LONGEST else None
        if first is None or first.name != MANIFEST or stream is None:
            raise _damaged(self._path, f"it does not begin with {MANIFEST}")
        return stream.read()

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Only plain files that the manifest names, each once, of the size that it says, and no path but our own."""
        expected = dict(self.manifest.members)
        for member in self._left:
            is_last = member.name == SUMS and member.size <= _LONGEST
            is_ours = member.name in (SETTINGS, DATABASE) or _OF_HISTORY.fullmatch(member.name)
            stream = self._tar.extractfile(member) if member.isreg() else None
            if stream is None or not (is_last or (is_ours and expected.pop(member.name, None) == member.size)):
                raise _damaged(self._path, f'it holds "{member.name}", which no backup has so')
            yield member.name, stream


def _understood(path: Path, text: bytes) -> Manifest:
    try:
        fields: dict[str, Any] = json.loads(text)
        is_newer = int(fields["format"]) > FORMAT
        made_by = str(fields["winback"])
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"{MANIFEST} can't be read") from error
    if is_newer:
        raise WinbackError(f"{path} is a backup of a newer winback ({made_by}): install that, or a newer one")
    try:
        return msgspec.convert(fields, Manifest)
    except msgspec.ValidationError as error:
        raise _damaged(path, f"{MANIFEST}: {error}") from error


def _damaged(path: Path, why: str) -> WinbackError:
    return WinbackError(f"{path} is no backup of winback, or damaged: {why}; take another one; nothing has changed")
