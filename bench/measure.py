"""Measuring whole processes: wall time, time on the processors, and the largest resident memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

OUTPUT = "output.txt"


class Run(NamedTuple):
    seconds: float
    cpu_seconds: float
    mebibytes: float


@dataclass
class Subject:
    """What is measured. `prepare` makes a fresh folder to run in, `command` is timed in it; `check` looks at the folder
    after the first run, and raises AssertionError where the work was not done."""

    key: str
    name: str
    command: list[str]
    prepare: Callable[[], Path]
    target: str = ""
    over_floor: bool = True
    divided_by: int = 1
    check: Callable[[Path], None] | None = None
    runs: list[Run] = field(default_factory=list)

    def measure(self) -> None:
        folder = self.prepare()
        try:
            self.runs.append(timed(self.command, folder))
            if self.check is not None and len(self.runs) == 1:
                self.check(folder)
        finally:
            shutil.rmtree(folder)

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs) / self.divided_by

    @property
    def slowest(self) -> float:
        return max(run.seconds for run in self.runs) / self.divided_by

    @property
    def cpu_seconds(self) -> float:
        return median(run.cpu_seconds for run in self.runs) / self.divided_by

    @property
    def mebibytes(self) -> float:
        return median(run.mebibytes for run in self.runs)


def timed(command: list[str], folder: Path) -> Run:
    """Runs a command in a folder, its output in the file OUTPUT there."""
    with (folder / OUTPUT).open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{' '.join(command)} ended with {process.returncode}"
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
