"""Measures whole processes against the floor: `python bench/run.py [N]`. Prints a table; see docs/benchmarks.md.

The floor F(N) is a process in which DuckDB reads the CSV of day 2 once and writes it as Parquet: what any daily job
must do. Each figure is the median of some runs, those of all subjects in turn, so that a busy moment does not hit one
alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

SMALL = 1_000
OF_BACKFILL = 12_000
DAY_1, DAY_2 = "2026-11-02T09:00Z", "2026-11-03T09:00Z"
GENERATE = Path(__file__).with_name("generate.py")
WINBACK = [sys.executable, "-m", "winback"]


class Run(NamedTuple):
    """Wall time, time on the processors, and the largest resident memory of a process."""

    seconds: float
    cpu_seconds: float
    mebibytes: float


@dataclass
class Subject:
    """What is measured: `prepare` makes a fresh folder to run in, `command` is timed."""

    name: str
    command: list[str]
    prepare: Callable[[], Path]
    target: str
    over_floor: bool = True
    divided_by: int = 1
    runs: list[Run] = field(default_factory=list)

    def measure(self) -> None:
        folder = self.prepare()
        try:
            self.runs.append(timed(self.command, folder))
        finally:
            shutil.rmtree(folder)

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs) / self.divided_by

    @property
    def cpu_seconds(self) -> float:
        return median(run.cpu_seconds for run in self.runs) / self.divided_by


def timed(command: list[str], folder: Path) -> Run:
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    assert process.returncode == 0, f"{' '.join(command)} ended with {process.returncode}"
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Bench:
    """Inputs and workspaces in one temporary folder."""

    def __init__(self, home: Path, accounts: int, reports: int) -> None:
        self.home, self.accounts, self.reports = home, accounts, reports

    def subjects(self) -> list[Subject]:
        large, small = self._days(self.accounts), self._days(SMALL)
        csv, parquet = large / "day_2.csv", large / "day_2.parquet"
        pulled, pulled_small = self._pulled(large), self._pulled(small)
        n = f"{self.accounts:,}"
        return [
            Subject(f"the floor F({n})", _floor(csv), self._empty, ""),
            Subject(f"pull of {n} from CSV", _pull(csv), self._copy_of(pulled), "≤ 1.8 × F, ≤ 1.2 GiB at 10 M"),
            Subject(f"pull of {n} from Parquet", _pull(parquet), self._copy_of(pulled), "≤ 1.5 × F"),
            Subject(f"pull of {SMALL:,}", _pull(small / "day_2.csv"), self._copy_of(pulled_small), "≤ 1.2 s", False),
            self._backfill(),
            Subject("winback --help", [*WINBACK, "--help"], self._empty, "≤ 0.15 s", False),
        ]

    def _days(self, accounts: int) -> Path:
        folder = self.home / f"days_{accounts}"
        if not folder.exists():
            # In a process of its own: what this one holds would count as memory of those that it starts.
            timed([sys.executable, str(GENERATE), str(accounts), str(folder)], self.home)
        return folder

    def _empty(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.home))

    def _workspace(self) -> Path:
        folder = self._empty()
        settings = '[products.payments]\nreport = "reports"\n[products.payments.columns]\nuid = "uid"\n'
        (folder / "winback.toml").write_text(settings, encoding="utf-8")
        timed([*WINBACK, "migrate"], folder)
        return folder

    def _pulled(self, days: Path) -> Path:
        """A workspace to which the first day has been applied."""
        folder = self._workspace()
        timed(_pull(days / "day_1.csv", DAY_1), folder)
        return folder

    def _copy_of(self, workspace: Path) -> Callable[[], Path]:
        return lambda: Path(shutil.copytree(workspace, tempfile.mktemp(dir=self.home)))  # noqa: S306

    def _backfill(self) -> Subject:
        """The two days in turn, under the dates of consecutive days."""
        days = self._days(OF_BACKFILL)
        for number in range(self.reports):
            day = days / f"day_{1 + number % 2}.csv"
            (days / f"report_2026{1 + number // 28:02}{1 + number % 28:02}.csv").hardlink_to(day)
        command = [*WINBACK, "backfill", "payments", str(days / "report_{date}.csv")]
        name = f"backfill, a report of {OF_BACKFILL:,}"
        return Subject(name, command, self._workspace, "≤ 80 ms", False, divided_by=self.reports)


def _pull(report: Path, at: str = DAY_2) -> list[str]:
    return [*WINBACK, "pull", "--report", str(report), "--at", at, "--no-messages"]


def _floor(csv: Path) -> list[str]:
    return [
        sys.executable,
        "-c",
        f"import duckdb; duckdb.sql(\"copy (from '{csv}') to 'floor.parquet' (format parquet)\")",
    ]


def print_table(subjects: list[Subject]) -> None:
    """Medians; `of F`: of the floor's wall time, and of its time on the processors."""
    floor = subjects[0]
    print(f"{'':<34} {'median':>9} {'of F':>5} {'slowest':>9} {'cpu':>9} {'of F':>5} {'memory':>9}  target")
    for subject in subjects:
        wall, cpu = subject.seconds, subject.cpu_seconds
        slowest = max(run.seconds for run in subject.runs) / subject.divided_by
        memory = median(run.mebibytes for run in subject.runs)
        of_wall = f"{wall / floor.seconds:.1f}" if subject.over_floor else ""
        of_cpu = f"{cpu / floor.cpu_seconds:.1f}" if subject.over_floor else ""
        times = f"{wall:>7.3f} s {of_wall:>5} {slowest:>7.3f} s {cpu:>7.3f} s {of_cpu:>5}"
        print(f"{subject.name:<34} {times} {memory:>5.0f} MiB  {subject.target}".rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accounts", type=int, nargs="?", default=1_000_000, metavar="N")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured")
    parser.add_argument("--reports", type=int, default=56, help="how many reports the backfill has")
    parser.add_argument("--dir", type=Path, help="where inputs and workspaces are made; a temporary folder without it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.dir, prefix="winback-bench-") as name:
        subjects = Bench(Path(name), given.accounts, given.reports).subjects()
        for _ in range(given.runs):
            for subject in subjects:
                subject.measure()
        print_table(subjects)


if __name__ == "__main__":
    main()
