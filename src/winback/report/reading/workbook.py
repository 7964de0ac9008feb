"""Workbooks: a sheet is written as lines of JSON, so that each cell keeps a type of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import ReportRefused
from winback.report.sheets import MEMORY, Sheet, Wanted

if TYPE_CHECKING:
    from winback.settings import Product


def find_sheet(path: Path, product: Product, written: Path | None) -> Sheet:
    """The sheet and its header; its rows are written to `written`. Raises ReportRefused."""
    uid = list(product.columns.uid or ("uid",))
    wanted = Wanted(
        str(path.absolute()), product.sheet, uid, product.max_report_bytes, str(written) if written else None
    )
    # -P: a file of the user's that is called like one of Python's is not taken for it.
    command = [sys.executable, "-P", "-m", "winback.report.sheets", json.dumps(asdict(wanted))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")  # noqa: S603
    if done.returncode < 0 or "MemoryError" in done.stderr or "memory allocation" in done.stderr:
        gib = MEMORY >> 30
        raise ReportRefused(f"{path.name}: the workbook takes more than {gib} GiB to read: save the sheet as CSV")
    if done.returncode:
        raise ReportRefused(f"{path.name} can't be read: {done.stderr.strip().splitlines()[-1]}")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise ReportRefused(f"{path.name}: {answer['refused']}")
    return Sheet(**answer)
