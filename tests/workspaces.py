"""Workspaces for tests of the commands: made in a folder, driven by the real command line, compared file by file."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests import backing
from winback.cli import main
from winback.store import migrations

COLUMNS = ("UID", "Merchant", "CSM", "Region", "GMV", "Revenue", "Enabled")
MAPPED = """
[products.payments.columns]
uid = "UID"
merchant_name = "Merchant"
csm_name = "CSM"
region = "Region"
gmv = "GMV"
revenue = "Revenue"
is_product_enabled = "Enabled"
"""
# Old reports stay at risk, whatever the clock says when a test runs.
NEVER_LOST = '[cases]\nlost_after_days = "never"\n'
Row = Sequence[object]


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line that a person reads when a command failed."""
        (line,) = self.err.splitlines()
        return line.removeprefix("winback: ")

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def every_migration() -> str:
    """As `winback migrate` lists what it has applied."""
    files = Path(migrations.__path__[0]).glob("0*.py")
    return ", ".join(sorted(file.stem for file in files))


class Place:
    """A workspace folder with one product, `payments`, whose report is named by its date."""

    def __init__(self, folder: Path, settings: str = "", report: str = "reports/payments_{date}.csv") -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self.reports.mkdir(parents=True, exist_ok=True)
        if not backing.has_database(folder):
            backing.make_database(folder)
        self.set(settings, report)

    @property
    def database(self) -> Path:
        """The file of one that is a file."""
        return self.folder / "winback.sqlite3"

    def set(self, settings: str = "", report: str = "reports/payments_{date}.csv") -> None:
        """`settings`: what stands in winback.toml below the product's report."""
        text = f"[products.payments]\nreport = {json.dumps(report)}\n{settings}"
        if "[products.payments.columns]" not in text:
            text += MAPPED
        backing.write_settings(self.folder, text)

    def write(self, on: str, rows: Iterable[Row]) -> Path:
        return self.write_text(on, csv_text(rows))

    def write_text(self, on: str, text: str | bytes, ending: str = ".csv") -> Path:
        path = self.reports / f"payments_{on}{ending}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def run(self, *arguments: str) -> Ran:
        """The command line, inside this process."""
        return run_here("--workspace", str(self.folder), *arguments)

    def run_inside(self, *arguments: str) -> Ran:
        """The same, in the workspace's folder, which no argument names."""
        with contextlib.chdir(self.folder):
            return run_here(*arguments)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """The command line in a process of its own, in the workspace's folder."""
        return subprocess.Popen(
            [sys.executable, "-m", "winback", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run_alone(self, *arguments: str, **variables: str) -> Ran:
        return finished(self.start(*arguments, **variables))

    def done(self, *arguments: str) -> Ran:
        """Runs a command that has to succeed."""
        ran = self.run(*arguments)
        assert ran.status == 0, ran
        return ran

    def show(self, table: str, *options: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.done("show", table, "--format", "json", *options).json
        return rows

    def uids(self, table: str, *options: str) -> list[str]:
        return sorted(row["uid"] for row in self.show(table, *options))


def run_here(*arguments: str) -> Ran:
    """The command line, inside this process: a process of its own takes a second to begin."""
    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    with (
        mock.patch.object(sys, "argv", ["winback", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as exit_:
            status = exit_.code
    assert isinstance(status, int)
    return Ran(status, out.getvalue(), err.getvalue())


def finished(process: subprocess.Popen[str]) -> Ran:
    out, err = process.communicate(timeout=120)
    return Ran(process.returncode, out, err)


def csv_text(rows: Iterable[Row], columns: Row = COLUMNS) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def account(uid: str, enabled: object = True, *, csm: str = "Dana Ortiz", region: str = "EMEA") -> Row:
    return (uid, f"Merchant {uid}", csm, region, "1200.50", "99.90", enabled)


def accounts(count: int, off: Iterable[int] = ()) -> list[Row]:
    """`m0`, `m1`, …; those in `off` are not enabled."""
    missing = set(off)
    return [account(f"m{number}", number not in missing) for number in range(count)]


def stored(folder: Path) -> dict[str, Any]:
    """Every row of the database and every file of the histories, to show that nothing changed."""
    return {**backing.rows_of(folder), "files": files_in(folder / "data")}


def files_in(folder: Path) -> dict[str, str]:
    """Path → hash of the content; folders too, and without the lock, which says nothing."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
        if path.name != "lock"
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
