"""A shorter script in which the same goes wrong, to be read by a person: fewer steps, fewer accounts, fewer values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from tests.reports import OPTIONAL
from tests.steps import PullStep, Row, Script, Step

PATIENCE = 40


def shortest(script: Script, fails: Callable[[Script], bool]) -> Script:
    """As short as some seconds of trying make it."""
    end = time.monotonic() + PATIENCE
    while True:
        for candidate in shorter(script):
            if time.monotonic() > end:
                return script
            if fails(candidate):
                script = candidate
                break
        else:
            return script


def shorter(script: Script) -> Iterator[Script]:
    steps = script.steps
    for length in (len(steps) // 2, 1):
        for place in range(0, len(steps), max(1, length)):
            yield replace(script, steps=steps[:place] + steps[place + max(1, length) :])
    uids = sorted({row["uid"] for row in rows_of(steps)})
    for length in (len(uids) // 2, len(uids) // 8, 1):
        for place in range(0, len(uids), max(1, length)):
            yield with_rows(script, partial(unless, set(uids[place : place + max(1, length)])))
    for name in OPTIONAL:
        if any(row.get(name) for row in rows_of(steps)):
            yield with_rows(script, partial(without, name))


def unless(gone: set[str], row: Row) -> Row | None:
    return None if row["uid"] in gone else row


def without(name: str, row: Row) -> Row:
    return row | {name: ""}


def rows_of(steps: tuple[Step, ...]) -> list[Row]:
    return [row for step in steps if isinstance(step, PullStep) for row in step.rows]


def with_rows(script: Script, change: Callable[[Row], Row | None]) -> Script:
    def changed(step: Step) -> Step:
        if not isinstance(step, PullStep):
            return step
        return replace(step, rows=tuple(row for old in step.rows if (row := change(old)) is not None))

    return replace(script, steps=tuple(map(changed, script.steps)))
