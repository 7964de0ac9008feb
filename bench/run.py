"""Measures whole processes against the floor and other tools: `python bench/run.py [N …]`; see docs/benchmarks.md.

The floor F(N) is a process in which DuckDB reads the CSV of day 2 once and writes it as Parquet: what any daily job
must do. Each figure is the median of some runs, those of all subjects in turn, so that a busy moment does not hit one
alone. With several N it measures growth.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import growth
import peer_subjects
import tables
import winback_subjects
from inputs import Inputs
from measure import Subject

# Only with --only: they need what not every machine has.
ASKED_FOR = ("postgres", "spark")


def subjects_of(inputs: Inputs, accounts: int, given: argparse.Namespace) -> Iterator[Subject]:
    """The wanted ones; the floor always, since figures are multiples of it."""

    def wanted(key: str) -> bool:
        return key in given.only if given.only else key not in ASKED_FOR

    yield from winback_subjects.at_size(inputs, accounts, wanted)
    yield from peer_subjects.peers(inputs, accounts, wanted)
    if len(given.accounts) == 1:
        yield from winback_subjects.of_fixed_size(inputs, given.reports, wanted)


def measured(inputs: Inputs, accounts: int, given: argparse.Namespace) -> list[Subject]:
    subjects = list(subjects_of(inputs, accounts, given))
    for number in range(given.runs):
        for subject in subjects:
            print(f"{accounts:,}: run {number + 1} of {given.runs}: {subject.key}", file=sys.stderr)
            subject.measure()
    return subjects


def main() -> None:
    given = arguments()
    table = tables.markdown if given.markdown else tables.aligned
    with tempfile.TemporaryDirectory(dir=given.dir, prefix="winback-bench-") as name:
        inputs = Inputs(Path(name))
        sizes = [(accounts, measured(inputs, accounts, given)) for accounts in sorted(given.accounts)]
    if len(sizes) == 1:
        print(table(tables.HEADER, tables.rows_of(sizes[0][1])))
        print(tables.planning(sizes[0][1]), end="")
    else:
        print(table(growth.HEADER, list(growth.rows_of(sizes))))
    if given.picture:
        growth.draw(sizes, given.picture)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accounts", type=int, nargs="*", default=[1_000_000], metavar="N")
    parser.add_argument(
        "--only", type=lambda keys: keys.split(","), help="subjects by key, such as csv,postgres,pandas"
    )
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured")
    parser.add_argument("--reports", type=int, default=56, help="how many reports the backfill has")
    parser.add_argument("--dir", type=Path, help="where inputs and workspaces are made; a temporary folder without it")
    parser.add_argument("--markdown", action="store_true", help="the table as docs/benchmarks.md holds it")
    parser.add_argument("--picture", type=Path, help="where the growth is drawn: a file .svg or .png")
    return parser.parse_args()


if __name__ == "__main__":
    main()
