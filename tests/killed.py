"""Runs commands that die: `python -m tests.killed` reads one job a line and answers with one line each.

Every job runs in a process of its own, forked from this one, which has everything imported and nothing open. It
kills itself with SIGKILL before or after the n-th call of what writes, or is killed after some seconds: nothing can be
cleaned up either way.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent
WRITES = re.compile(r"\s*(insert|update|delete)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Job:
    """`call`: at which call of what writes (0: at none), counted from 1; `seconds`: after how long."""

    folder: str
    arguments: list[str]
    call: int = 0
    after: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class Death:
    """How a job ended: exit status (-9: killed), what it printed, which calls it made, and how long it took."""

    status: int
    out: str
    err: str
    calls: list[str]
    seconds: float

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Killer:
    """The other end: starts the process that runs jobs, and gives it jobs."""

    def __enter__(self) -> Killer:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killed"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.communicate(timeout=60)

    def run(self, job: Job) -> Death:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(asdict(job)), file=self._process.stdin, flush=True)
        return Death(**json.loads(self._process.stdout.readline()))


class Countdown:
    """Counts the calls of what writes, notes them, and dies at the chosen one."""

    def __init__(self, job: Job, notes: Path) -> None:
        self._job = job
        self._notes = notes.open("w", encoding="utf-8")
        self._count = 0

    def watch(self, owner: Any, name: str, writes: Callable[..., bool] = lambda *_: True) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def watched(*args: Any, **options: Any) -> Any:
            if not writes(*args):
                return original(*args, **options)
            self._count += 1
            mine = self._count
            print(f"{name} {str(args[-1:])[:60]}", file=self._notes, flush=True)
            self._die_if(mine == self._job.call and not self._job.after)
            result = original(*args, **options)
            self._die_if(mine == self._job.call and self._job.after)
            return result

        setattr(owner, name, watched)

    def _die_if(self, chosen: bool) -> None:
        if chosen:
            os.kill(os.getpid(), signal.SIGKILL)


def _watch_all(countdown: Countdown) -> None:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    from winback.channels.console import Console
    from winback.report.engine.duckdb import DuckDB
    from winback.store import postgresql

    for name in ("fsync", "mkdir", "replace", "rename", "unlink", "rmdir"):
        countdown.watch(os, name)
    countdown.watch(shutil, "rmtree")
    countdown.watch(DuckDB, "execute", lambda _, sql: sql.startswith("copy"))
    countdown.watch(CursorWrapper, "execute", lambda _, sql, *rest: WRITES.match(sql) is not None)
    countdown.watch(CursorWrapper, "executemany")
    countdown.watch(BaseDatabaseWrapper, "_commit")
    countdown.watch(postgresql, "load")
    countdown.watch(Console, "deliver")


def _live(job: Job, folder: Path) -> None:
    """What the forked process does."""
    from winback.cli import main

    os.chdir(job.folder)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    _watch_all(Countdown(job, folder / "calls"))
    sys.argv = ["winback", *job.arguments]
    status: Any = 1
    try:
        main()
    except SystemExit as exit_:
        status = exit_.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _run(job: Job, folder: Path) -> Death:
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _live(job, folder)
    if job.seconds is not None:
        time.sleep(job.seconds)
        os.kill(child, signal.SIGKILL)
    _, how = os.waitpid(child, 0)
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("out", "err", "calls")}
    return Death(
        status=os.waitstatus_to_exitcode(how),
        out=texts["out"],
        err=texts["err"],
        calls=texts["calls"].splitlines(),
        seconds=time.monotonic() - began,
    )


def serve(folder: Path) -> None:
    for line in sys.stdin:
        for name in ("out", "err", "calls"):
            (folder / name).write_text("", encoding="utf-8")
        print(json.dumps(asdict(_run(Job(**json.loads(line)), folder))), flush=True)  # noqa: T201


if __name__ == "__main__":
    import tempfile

    import psycopg  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import winback.doctor
    import winback.workspace  # noqa: F401

    with tempfile.TemporaryDirectory() as name:
        serve(Path(name))
