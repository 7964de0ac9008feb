"""What goes wrong outside the program, made for real: a disk that is full, a folder that can't be written to, a file
that is damaged. Each time: one line, exit status 1, nothing changed, and the same command works once it is mended."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock

from tests.workspaces import Place, Ran, changed, stored

MEMORY_DISK = Path("/dev/shm")  # noqa: S108


def mount(folder: Path, *options: str) -> str | None:
    """Mounts a file system in a folder; where this user may not, why."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"exit {done.returncode}" if done.returncode else None


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int = 16) -> Iterator[Path]:
    """A disk of its own; where none may be mounted, what a container has in memory, filled up."""
    if (why := mount(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")) is None:
        with mounted(folder):
            yield folder
    elif room_on(MEMORY_DISK) <= 256 << 20:
        with (
            FileLock("/tmp/winback-small-disk.lock"),  # noqa: S108
            TemporaryDirectory(dir=MEMORY_DISK) as disk,
            nearly_full(MEMORY_DISK, megabytes << 20),
        ):
            yield Path(disk)
    else:
        pytest.skip(f"this user may not mount a small disk, and {MEMORY_DISK} is a large one: {why}")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Even for root; where it may not be mounted so, for somebody else."""
    if mount(folder, "--bind", "-o", "ro", str(folder)) is None:
        with mounted(folder):
            yield
        return
    with readable_by_all(folder):
        modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        try:
            with somebody_else():
                yield
        finally:
            for path, mode in modes.items():
                path.chmod(mode)


@contextmanager
def nearly_full(disk: Path, free: int) -> Iterator[None]:
    """So many bytes are left."""
    filler = disk / "filler"
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(room_on(disk) - free, 1))
    try:
        yield
    finally:
        filler.unlink()


def room_on(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


@contextmanager
def somebody_else() -> Iterator[None]:
    """Not root, to whom no permission is missing."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def readable_by_all(folder: Path) -> Iterator[None]:
    """And writable, but for what may not be read at all; the folders above it too, for the time being."""
    above = [path for path in folder.parents if path.stat().st_uid == os.geteuid() and path != Path("/")]
    modes = [path.stat().st_mode for path in above]
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode & 0o777
        path.chmod(mode | (0o777 if path.is_dir() else 0o666 if mode else 0))
    for path in above:
        path.chmod(path.stat().st_mode | 0o011)
    try:
        yield
    finally:
        for path, mode in zip(above, modes, strict=True):
            path.chmod(mode)


def check_refusal(ran: Ran, *parts: str) -> None:
    """One line that says what was found and what to do."""
    assert ran.status == 1, ran
    for part in parts:
        assert part in ran.line, ran


def check_unchanged(place: Place, before: dict[str, object]) -> None:
    assert changed(before, stored(place.folder)) == set()
