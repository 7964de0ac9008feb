"""`kill -9` at any moment: the same command again ends as one that nobody disturbed (rules.md R3.15)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import backing
from tests.killed import Death, Killer
from tests.scenes import SCENES, End, Stage

pytestmark = pytest.mark.rule("R3.15")
# So many of the calls of a command, drawn anew each time.
SPREAD = 6
# Of a pull every sixth; `make soak` takes the others.
PARTS = [0, *(pytest.param(part, marks=pytest.mark.soak) for part in range(1, 6))]


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with Killer() as killer:
        yield killer


def check(stage: Stage, death: Death) -> None:
    """Runs the command again, and compares what there is in the end."""
    assert death.was_killed, death
    again = stage.again()
    place = f"killed at {death.calls[-1] if death.calls else 'the start'} ({len(death.calls)})\n{again.err}"
    assert again.status == stage.undisturbed.status, place
    end = stage.end(death, again)
    differences = {
        name: (stage.expected.tables[name], found)
        for name, found in end.tables.items()
        if found != stage.expected.tables[name]
    }
    assert differences == {}, place
    assert end.files == stage.expected.files, place
    check_messages(stage.expected, end, place)


def check_messages(expected: End, end: End, place: str) -> None:
    """None is printed twice; one of unknown outcome may be missing, and waits for a person."""
    assert end.messages <= expected.messages, place
    missing = expected.messages - end.messages
    assert missing.total() <= end.released <= 1, place


def points(stage: Stage) -> list[tuple[int, bool]]:
    """Before each n-th call of what writes, and after the last; on PostgreSQL of what writes to the database."""
    calls = stage.undisturbed.calls
    chosen = [n for n, call in enumerate(calls, 1) if backing.current().name == "sqlite" or is_of_database(call)]
    return [*((call, False) for call in chosen), (len(calls), True)]


def is_of_database(call: str) -> bool:
    return call.startswith(("execute ", "executemany ", "_commit ", "load ")) and "copy (" not in call


def spread() -> int:
    return SPREAD if backing.current().name == "sqlite" else SPREAD // 2


@pytest.mark.parametrize("part", PARTS)
def test_a_pull_killed_before_and_after_all_that_it_writes(part: int, killer: Killer, tmp_path: Path) -> None:
    stage = Stage(SCENES["pull"], tmp_path, killer)
    assert len(stage.undisturbed.calls) > 40
    every = points(stage)
    for call, after in sorted({*every[part :: len(PARTS)], every[-1]}):
        check(stage, stage.play(call, after=after))


@pytest.mark.parametrize("name", [name for name in SCENES if name != "pull"])
def test_another_command_killed_between_what_it_writes(name: str, killer: Killer, tmp_path: Path) -> None:
    stage = Stage(SCENES[name], tmp_path, killer)
    every = points(stage)
    for call, after in sorted({every[0], every[-1], *random.sample(every, min(len(every), spread()))}):
        check(stage, stage.play(call, after=after))


@pytest.mark.parametrize("name", ["pull", "backfill", "approve", "notify"])
def test_killed_at_any_moment(name: str, killer: Killer, tmp_path: Path) -> None:
    stage = Stage(SCENES[name], tmp_path, killer)
    for _ in range(spread() // 2):
        death = stage.play(seconds=random.uniform(0, stage.undisturbed.seconds))
        if death.was_killed:
            check(stage, death)
