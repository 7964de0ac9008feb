"""Messages and tables that are printed into a log on a full disk."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import pytest

import winback
from tests.workspaces import NEVER_LOST, Place, accounts
from winback.store.outbox import LEASE

FULL = Path("/dev/full")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, NEVER_LOST)
    place.write("2024-03-01", accounts(40, {1}))
    place.done("pull")
    place.write("2024-03-02", accounts(40, {2, 3}))
    return place


def printed_on_a_full_disk(place: Place, *command: str) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "winback", *command],
            cwd=place.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    line = "winback: No space left on device; the disk is full: make room, then run the same command again\n"
    assert (done.returncode, done.stderr) == (1, line)


@pytest.mark.rule("R3.15", "R5.4")
def test_messages_that_can_not_be_printed_are_not_lost(place: Place) -> None:
    """The one that was begun waits for a person; the same command again prints the others."""
    printed_on_a_full_disk(place, "pull")
    assert sorted(row["status"] for row in place.show("notifications")) == ["planned", "planned", "unknown"]
    place.done("pull")
    assert sorted(row["status"] for row in place.show("notifications")) == ["sent", "sent", "unknown"]
    output = io.StringIO()
    later = dt.datetime.now(dt.UTC) + LEASE + dt.timedelta(minutes=1)
    with winback.open_workspace(place.folder, now=later, output=output) as workspace:
        assert workspace.notify(release=True).messages == 1
    assert {row["status"] for row in place.show("notifications")} == {"sent"}


@pytest.mark.parametrize(
    "command", [("show", "history"), ("show", "history", "--format", "csv"), ("kpis",), ("doctor",)]
)
def test_what_is_read_can_not_be_printed(command: tuple[str, ...], place: Place) -> None:
    printed_on_a_full_disk(place, *command)


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_file_that_does_not_fit(form: str, place: Place) -> None:
    ran = place.run("show", "history", "--format", form, "-o", str(FULL))
    assert ran.status == 1
    assert "No space left on device; the disk is full: make room" in ran.line
