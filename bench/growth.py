"""Time and memory as N grows, as a table and as a picture."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Subject
from peer_subjects import python_for
from tables import seconds

PLOT = Path(__file__).with_name("plot_growth.py")
HEADER = ["What", "N", "Median", "to the N before", "Memory", "to the N before"]


def rows_of(sizes: Sequence[tuple[int, Sequence[Subject]]]) -> Iterator[list[str]]:
    """Subject by subject, each N beside the one before it."""
    for key in dict.fromkeys(subject.key for _, subjects in sizes for subject in subjects):
        before: Subject | None = None
        for accounts, subjects in sizes:
            subject = next((each for each in subjects if each.key == key), None)
            if subject is not None:
                yield _row(subject, accounts, before)
                before = subject


def _row(subject: Subject, accounts: int, before: Subject | None) -> list[str]:
    return [
        label(subject, accounts),
        f"{accounts:,}",
        seconds(subject.seconds),
        f"× {subject.seconds / before.seconds:.1f}" if before else "",
        f"{subject.mebibytes:,.0f} MiB",
        f"× {subject.mebibytes / before.mebibytes:.1f}" if before else "",
    ]


def label(subject: Subject, accounts: int) -> str:
    """The subject's name without its N."""
    return subject.name.replace(f"({accounts:,})", "").replace(f" of {accounts:,}", "").replace(f", {accounts:,}", "")


def draw(sizes: Sequence[tuple[int, Sequence[Subject]]], picture: Path) -> None:
    points = [
        {
            "accounts": accounts,
            "what": label(subject, accounts).replace("`", ""),
            "seconds": subject.seconds,
            "mebibytes": subject.mebibytes,
        }
        for accounts, subjects in sizes
        for subject in subjects
    ]
    subprocess.run([python_for(PLOT), str(PLOT), str(picture)], input=json.dumps(points).encode(), check=True)
