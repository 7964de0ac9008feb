"""The processes of `winback up`: started, started again when they die, and ended together."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from winback.errors import SettingsError

log = logging.getLogger("winback.up")
# In seconds: how often it is looked after the children; how long it is waited before one that died is started again,
# twice as long each time; and after what life it counts as healthy.
_EVERY = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_HEALTHY = 60.0
# Whoever ends services gives them twenty seconds or so, then kills.
_PATIENCE = 17.0
_WRONG_SETTINGS = SettingsError.exit_status
_SET_PARENT_DEATH_SIGNAL = 1
# -P: a file in the folder where this is called is no module of ours.
PYTHON = (sys.executable, "-P", "-m")


@dataclass
class Child:
    """`died`: whether it ever did; the settings that it was first started with were right then."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = _FIRST_PAUSE
    moment: float = 0.0
    died: bool = False

    def look_after(self) -> None:
        if self.process is None:
            if time.monotonic() >= self.moment:
                self._start()
        elif (status := self.process.poll()) is not None:
            self._has_died(status)

    def _start(self) -> None:
        options = {"preexec_fn": partial(_die_with, os.getpid(), _libc())} if sys.platform == "linux" else {}
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]  # noqa: S603
        self.moment = time.monotonic()
        log.info("%s is started (process %s)", self.name, self.process.pid)

    def _has_died(self, status: int) -> None:
        if status == _WRONG_SETTINGS and not self.died:
            raise SettingsError(f"{self.name} does not start with these settings: the line above says why")
        if time.monotonic() - self.moment >= _HEALTHY:
            self.pause = _FIRST_PAUSE
        how = f"was killed by signal {-status}" if status < 0 else f"ended with exit status {status}"
        log.warning("%s %s; it is started again in %.0f s", self.name, how, self.pause)
        self.process, self.died, self.moment = None, True, time.monotonic() + self.pause
        self.pause = min(2 * self.pause, _LONGEST_PAUSE)


def worker_of(folder: Path) -> Child:
    return Child("the worker", [*PYTHON, "winback.up.working", str(folder)])


def keep_running(children: Sequence[Child], is_over: Callable[[], bool]) -> None:
    """Until it is over. Raises SettingsError where a child does not even start with these settings."""
    try:
        while not is_over():
            for child in children:
                child.look_after()
            time.sleep(_EVERY)
    finally:
        _end(children)


def _end(children: Sequence[Child]) -> None:
    """What is under way is waited for; what is not through in time is killed, and done again later."""
    running = [child for child in children if child.process is not None]
    for child in running:
        with suppress(ProcessLookupError):
            _process(child).terminate()
    deadline = time.monotonic() + _PATIENCE
    for child in running:
        try:
            _process(child).wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning(
                "%s is not through after %.0f s and is killed; what it did is done again", child.name, _PATIENCE
            )
            _process(child).kill()
            _process(child).wait()


def _process(child: Child) -> subprocess.Popen[bytes]:
    assert child.process is not None  # noqa: S101
    return child.process


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _die_with(parent: int, libc: ctypes.CDLL) -> None:
    """Runs in the child, before its program does: no child outlives a parent that is killed."""
    libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
