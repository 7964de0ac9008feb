"""A report that is still being written, replaced or taken away while it is read, or that this user may not read."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import check_refusal, check_unchanged, readable_by_all, somebody_else
from tests.workspaces import NEVER_LOST, Place, account, accounts, csv_text, stored

pytestmark = pytest.mark.rule("R3.15")


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Again and again, until the end."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(0.001):
            work()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, NEVER_LOST)
    place.write("2024-03-01", accounts(8_000, {1, 2}))
    place.done("pull")
    return place


def check_fault(place: Place, report: Path, work: Callable[[], None], said: str) -> None:
    before, complete = stored(place.folder), report.read_bytes()
    with meanwhile(work):
        ran = place.run("pull")
    check_refusal(ran, f"payments_2024-03-02.csv {said} while it was read: pull again when it is complete")
    check_unchanged(place, before)
    report.write_bytes(complete)
    place.done("pull")


def test_a_report_that_grows_while_it_is_read(place: Place) -> None:
    report = place.write("2024-03-02", accounts(8_000, {2, 3}))
    more = (f"m{number},Merchant,Dana Ortiz,EMEA,1,1,true\n" for number in range(8_000, 10**9))

    def grow() -> None:
        with report.open("a", encoding="utf-8") as stream:
            stream.write(next(more))

    check_fault(place, report, grow, "changed")


def test_a_report_that_is_replaced_while_it_is_read(place: Place) -> None:
    """By renaming, so that each of the two is complete."""
    report = place.write("2024-03-02", accounts(8_000, {2, 3}))
    text = csv_text(accounts(8_000, {3, 4}))

    def replace() -> None:
        other = report.with_suffix(".new")
        other.write_text(text, encoding="utf-8")
        os.replace(other, report)

    check_fault(place, report, replace, "changed")


def test_a_report_that_is_removed_while_it_is_read(place: Place) -> None:
    report = place.write("2024-03-02", accounts(8_000, {2, 3}))
    pulls = place.folder / "data" / "payments"

    def remove() -> None:
        if any(pulls.glob("20240302*/*")):
            report.unlink(missing_ok=True)

    check_fault(place, report, remove, "was removed")


def test_a_report_that_may_not_be_read(place: Place) -> None:
    report = place.write("2024-03-02", accounts(8_000, {2, 3}))
    before = stored(place.folder)
    report.chmod(0)
    with readable_by_all(place.folder), somebody_else():
        ran = place.run("pull")
    check_refusal(ran, "payments_2024-03-02.csv can't be read: Permission denied")
    check_unchanged(place, before)
    report.chmod(0o644)
    place.done("pull")


def test_a_report_that_stopped_growing_half_way_is_held_for_what_it_lacks(place: Place) -> None:
    """Nobody can see that a file is half of one: the guard misses its accounts."""
    place.write("2024-03-02", [*accounts(8_000)[:3_000], account("last")])
    assert place.run("pull").status == 3
    place.write("2024-03-02", accounts(8_000, {2, 3}))
    assert "payments 2024-03-02T00:00:00Z: applied" in place.done("pull").out
