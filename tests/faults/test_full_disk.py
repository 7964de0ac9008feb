"""A disk that is full, at whatever a command is about to write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import check_refusal, check_unchanged, nearly_full, small_disk
from tests.workspaces import NEVER_LOST, Place, account, accounts, stored

pytestmark = pytest.mark.rule("R3.15")
ACCOUNTS = 2_000
LENIENT = "[products.payments.guard]\nmin_accounts = 100000\nmax_rejected = 1\n"
TABLES = ("history", "cases", "notifications", "rejected")
PAGE = 4096


def prepare(folder: Path) -> Place:
    """The next report brings churns, wins, missing and new accounts, and rows that are rejected."""
    place = Place(folder, NEVER_LOST + LENIENT)
    place.write("2024-03-01", accounts(ACCOUNTS, range(100)))
    place.done("pull")
    place.write("2024-03-02", [*accounts(ACCOUNTS, range(50, 500))[20:], account("new"), account("odd", "perhaps")])
    return place


def left(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


def tables(place: Place) -> dict[str, object]:
    return {name: place.done("show", name, "--format", "csv").out for name in TABLES}


def test_a_pull_on_a_disk_that_gets_full_at_any_moment(tmp_path: Path) -> None:
    """Cleaning, rejected rows, the absent, the database's commit: whatever does not fit any more."""
    with small_disk(tmp_path / "disk") as disk:
        place = prepare(disk)
        before, room = stored(disk), left(disk)
        said = set()
        free, step = 0, 6 * PAGE
        while True:
            with nearly_full(disk, free):
                ran = place.run("pull", "--no-messages")
            if ran.status == 0:
                break
            check_refusal(ran, "make room", "then run the same command again")
            print(free, ran.line); said.add(ran.line.split(":")[0])
            check_unchanged(place, before)
            free += step
        assert free > 10 * step
        assert {"the database", "the engine"} <= said or len(said) > 2, said
        assert left(disk) > room - free - step
        disturbed = tables(place)
    undisturbed = prepare(tmp_path / "undisturbed")
    undisturbed.done("pull", "--no-messages")
    assert tables(undisturbed) == disturbed
