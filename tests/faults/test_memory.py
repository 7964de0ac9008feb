"""An engine that may take too little memory, and one that finds no room for what it sets aside."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.faults import check_refusal, check_unchanged, nearly_full, small_disk
from tests.workspaces import NEVER_LOST, Place, Row, account, stored

pytestmark = [pytest.mark.rule("R3.15"), pytest.mark.only_on("sqlite", "postgresql")]
LENIENT = "[products.payments.guard]\nmin_accounts = 1000000\n"


def accounts(numbers: range, off: range) -> list[Row]:
    return [account(hashlib.sha256(b"%d" % n).hexdigest()[:24], n not in off) for n in numbers]


def limit(place: Place, memory: str) -> None:
    place.set(f'[workspace]\nengine_memory = "{memory}"\n{LENIENT}{NEVER_LOST}')


def prepare(folder: Path) -> Place:
    place = Place(folder, LENIENT + NEVER_LOST)
    place.write("2024-03-01", accounts(range(40_000), range(100)))
    place.done("pull")
    place.write("2024-03-02", accounts(range(200, 40_200), range(1_000)))
    return place


def test_an_engine_with_too_little_memory(tmp_path: Path) -> None:
    """Whichever statement it is that fails."""
    place = prepare(tmp_path)
    before = stored(tmp_path)
    for memory in ("1MB", "12MB", "20MB"):
        limit(place, memory)
        check_refusal(place.run("pull"), "Out of Memory", "give it more (workspace.engine_memory), or make room")
        check_unchanged(place, before)
    limit(place, "512MB")
    place.done("pull", "--no-messages")


def test_no_room_for_what_the_engine_sets_aside(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=40) as disk:
        place = prepare(disk)
        before = stored(disk)
        limit(place, "20MB")
        for free in (0, 1 << 20):
            with nearly_full(disk, free):
                check_refusal(place.run("pull"), "make room", "then run the same command again")
            check_unchanged(place, before)
        limit(place, "512MB")
        place.done("pull", "--no-messages")
