"""What goes wrong outside the program, made for real: a disk that is full, a folder that can't be written to, a file
that is damaged. Each time: one line, exit status 1, nothing changed, and the same command works once it is mended."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workspaces import Place, Ran, changed, stored


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A file system of its own in a folder: `-o size=1m`, or `--bind` of itself and read-only."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this user may not mount a file system: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int = 16) -> Iterator[Path]:
    with mounted(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs") as disk:
        yield disk


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Even for root."""
    with mounted(folder, "--bind", "-o", "ro", str(folder)):
        yield


@contextmanager
def nearly_full(disk: Path, free: int) -> Iterator[None]:
    """So many bytes are left."""
    filler = disk / "filler"
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, room_on(disk) - free)
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


def check_refusal(ran: Ran, *parts: str) -> None:
    """One line that says what was found and what to do."""
    assert ran.status == 1, ran
    for part in parts:
        assert part in ran.line, ran


def check_unchanged(place: Place, before: dict[str, object]) -> None:
    assert changed(before, stored(place.folder)) == set()
