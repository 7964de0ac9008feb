"""A disk that is full, at whatever a command is about to write."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.faults import check_refusal, check_unchanged, nearly_full, small_disk
from tests.workspaces import NEVER_LOST, Place, Row, account, stored

pytestmark = [pytest.mark.rule("R3.15"), pytest.mark.only_on("sqlite")]
LENIENT = "[products.payments.guard]\nmin_accounts = 100000\nmax_rejected = 1\n"
TABLES = ("history", "cases", "notifications", "rejected")
STEP = 6 * 4096


def accounts(numbers: range, off: range) -> list[Row]:
    """Whose UIDs take room: they have nothing in common."""
    return [account(hashlib.md5(bytes([n % 256, n // 256])).hexdigest(), n not in off) for n in numbers]  # noqa: S324


def prepare(folder: Path) -> Place:
    """The next report brings churns, wins, missing and new accounts, and rows that are rejected."""
    place = Place(folder, NEVER_LOST + LENIENT)
    place.write("2024-03-01", accounts(range(3000), range(100)))
    place.done("pull")
    odd = [account(f"odd {n}", "perhaps") for n in range(20)]
    place.write("2024-03-02", [*accounts(range(1000, 3500), range(1500, 1800)), *odd])
    return place


def tables(place: Place) -> dict[str, object]:
    return {name: place.done("show", name, "--format", "csv").out for name in TABLES}


def test_a_pull_on_a_disk_that_gets_full_at_any_moment(tmp_path: Path) -> None:
    """While it cleans, while it writes the absent, while the database commits: whatever does not fit any more."""
    said, free = set(), 0
    with small_disk(tmp_path / "disk") as disk:
        place = prepare(disk)
        before = stored(disk)
        while True:
            with nearly_full(disk, free):
                ran = place.run("pull", "--no-messages")
            if ran.status == 0:
                break
            check_refusal(ran, "make room", "then run the same command again")
            said.add(ran.line.split(":")[0].rpartition("/")[2])
            check_unchanged(place, before)
            free += STEP
        disturbed = tables(place)
    assert said >= {"report.parquet", "absent.parquet", "the database"}
    undisturbed = prepare(tmp_path / "undisturbed")
    undisturbed.done("pull", "--no-messages")
    assert tables(undisturbed) == disturbed
