"""The results as a table: aligned for a terminal, or as Markdown for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence

from measure import Subject
from winback_subjects import ALL_DUE, NONE_DUE

HEADER = ["What", "Median", "of F", "Slowest", "cpu", "of F", "Memory", "Target"]


def rows_of(subjects: Sequence[Subject]) -> list[list[str]]:
    """`of F`: of the floor's wall time, and of its time on the processors."""
    floor = next((subject for subject in subjects if subject.key == "floor"), None)
    return [_row(subject, floor if subject.over_floor else None) for subject in subjects]


def planning(subjects: Sequence[Subject]) -> str:
    """What the table leaves to be subtracted; nothing where it was not measured."""
    taken = {subject.key: subject.seconds for subject in subjects}
    if not {NONE_DUE, ALL_DUE} <= taken.keys():
        return ""
    return f"\nFollow-ups of all open cases planned in {seconds(max(0.0, taken[ALL_DUE] - taken[NONE_DUE]))}.\n"


def _row(subject: Subject, floor: Subject | None) -> list[str]:
    return [
        subject.name,
        seconds(subject.seconds),
        f"{subject.seconds / floor.seconds:.2f}" if floor else "",
        seconds(subject.slowest),
        seconds(subject.cpu_seconds),
        f"{subject.cpu_seconds / floor.cpu_seconds:.2f}" if floor else "",
        f"{subject.mebibytes:,.0f} MiB",
        subject.target,
    ]


def seconds(value: float) -> str:
    return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.0f} ms"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    plain = [[cell.replace("`", "") for cell in row] for row in [header, *rows]]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    return "\n".join(_padded(row, widths) for row in plain)


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *middle, last = row
    cells = [f"{cell:>{width}}" for cell, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join([f"{first:<{widths[0]}}", *cells, last]).rstrip()
