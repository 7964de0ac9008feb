"""A history that is not as it was written: no pull is compared with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import check_refusal, check_unchanged
from tests.workspaces import NEVER_LOST, Place, accounts, stored

pytestmark = pytest.mark.rule("R3.15")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def flip(file: Path) -> None:
    """One bit in the middle: the size is the same."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


def delete(file: Path) -> None:
    file.unlink()


def swap(file: Path) -> None:
    """Another file of the same kind and size: the accounts of an older one."""
    other = next(path for path in sorted(file.parent.parent.glob(f"*/{file.name}")) if path != file)
    size = file.stat().st_size
    file.write_bytes(other.read_bytes()[:size].ljust(size))


DAMAGES = (cut, flip, delete, swap)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After three pulls; the fourth report is there."""
    place = Place(tmp_path, NEVER_LOST)
    for day in range(1, 5):
        place.write(f"2024-03-0{day}", accounts(40 + day, {day, day + 1})[day - 1 :])
        if day < 4:
            place.done("pull")
    return place


def file_of(place: Place, day: int, name: str) -> Path:
    (file,) = (place.folder / "data" / "payments").glob(f"2024030{day}T*/{name}.parquet")
    return file


def wrong(place: Place) -> list[str]:
    ran = place.run("doctor")
    lines = [line for line in ran.out.splitlines() if line.startswith("wrong")]
    assert ran.status == (1 if lines else 0)
    return lines


@pytest.mark.parametrize("name", ["report", "absent"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_history(damage: Callable[[Path], None], name: str, place: Place) -> None:
    file = file_of(place, 3, name)
    sound = file.read_bytes()
    damage(file)
    before = stored(place.folder)
    for command in (("pull",), ("pull", "--dry-run"), ("show", "history")):
        check_refusal(place.run(*command), f"the history is damaged: {file} is missing or not as it was written")
        check_unchanged(place, before)
    (line,) = wrong(place)
    assert str(file) in line
    assert "put it back from a backup" in line
    file.write_bytes(sound)
    assert wrong(place) == []
    assert "payments 2024-03-04T00:00:00Z: applied (pull 4)" in place.done("pull").out


def test_a_damaged_file_that_several_pulls_need_is_named_once(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    for day in range(1, 4):
        place.write(f"2024-03-0{day}", accounts(3000, {day}))
        place.done("pull")
    flip(file_of(place, 1, "report"))
    (line,) = wrong(place)
    assert str(file_of(place, 1, "report")) in line


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_table_report_of_a_damaged_file_shows_nothing(damage: Callable[[Path], None], place: Place) -> None:
    file = file_of(place, 2, "report")
    damage(file)
    check_refusal(
        place.run("show", "report", "--pull", "2"),
        f"the history is damaged: {file} is missing or not as it was written",
    )
    damage(file_of(place, 1, "absent"))
    assert place.show("report", "--pull", "1")


def test_a_damaged_base_is_named_alike_by_every_pull_that_reads_it(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    for day in (1, 2):
        place.write(f"2024-03-0{day}", accounts(20_000, range(day)))
        place.done("pull")
    base = file_of(place, 1, "report")
    assert place.done("show", "report", "--pull", "2", "--format", "csv").out
    flip(base)
    for command in (("show", "history"), ("show", "report", "--pull", "2"), ("show", "report", "--pull", "1")):
        check_refusal(place.run(*command), f"{base} is missing or not as it was written")
    assert all(str(base) in line for line in wrong(place))


def test_without_a_backup_of_an_older_file_a_new_product_is_filled_from_the_reports(tmp_path: Path) -> None:
    """The way out that docs/operations.md names."""
    place = Place(tmp_path, NEVER_LOST)
    for day in (1, 2, 3):
        place.write(f"2024-03-0{day}", accounts(20_000, range(day)))
        place.done("pull")
    churned = place.uids("churns")
    flip(file_of(place, 1, "report"))
    place.write("2024-03-04", accounts(20_000, range(3)))
    for command in (("pull",), ("pulls", "undo", "3", "--reason", "its history is damaged")):
        check_refusal(place.run(*command), "the history is damaged")
    settings = place.folder / "winback.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("[products.payments", "[products.anew"), "utf-8")
    place.done("backfill", "anew", "reports/payments_{date}.csv")
    assert place.uids("churns", "--product", "anew") == churned != []


@pytest.mark.parametrize("damage", [cut, flip, delete])
def test_doctor_looks_at_what_a_held_pull_read(damage: Callable[[Path], None], place: Place) -> None:
    place.write("2024-03-05", accounts(40, range(40)))
    assert place.run("pull").status == 3
    assert wrong(place) == []
    file = file_of(place, 5, "report")
    damage(file)
    (line,) = wrong(place)
    assert f"what pull 4 read is not there as it was read ({file}): " in line
    check_refusal(place.run("show", "report", "--pull", "4"), f"what pull 4 read is not there as it was read ({file})")


def test_without_a_backup_the_last_pull_is_undone_and_its_report_pulled_again(place: Place) -> None:
    """The way out that docs/operations.md names."""
    churned = place.show("churns")
    flip(file_of(place, 3, "report"))
    place.done("pulls", "undo", "3", "--reason", "its history is damaged")
    report = str(place.reports / "payments_2024-03-03.csv")
    place.done("pull", "--report", report, "--at", "2024-03-03T00:01Z")
    assert [row["uid"] for row in place.show("churns")] == [row["uid"] for row in churned]
    place.done("pull")
    assert wrong(place) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_former_history_that_is_damaged_stops_no_pull(damage: Callable[[Path], None], place: Place) -> None:
    file = file_of(place, 2, "report")
    damage(file)
    check_refusal(place.run("show", "history", "--at", "2024-03-02"), f"the history is damaged: {file}")
    place.done("show", "history", "--at", "2024-03-01")
    (line,) = wrong(place)
    assert str(file) in line
    place.done("pull")


def test_no_pull_is_undone_whose_former_history_is_damaged(place: Place) -> None:
    """Else nothing could be pulled any more."""
    flip(file_of(place, 2, "absent"))
    before = stored(place.folder)
    check_refusal(place.run("pulls", "undo", "3", "--reason", "wrong file"), "the history is damaged")
    check_unchanged(place, before)


def test_a_held_report_is_not_applied_to_a_damaged_history(place: Place) -> None:
    place.write("2024-03-05", accounts(40, range(40)))
    assert place.run("pull").status == 3
    flip(file_of(place, 3, "report"))
    before = stored(place.folder)
    said = str(file_of(place, 3, "report"))
    check_refusal(place.run("pulls", "approve", "4", "--reason", "checked"), said)
    check_unchanged(place, before)


def test_a_history_whose_folder_is_gone(place: Place) -> None:
    shutil.move(place.folder / "data", place.folder / "elsewhere")
    check_refusal(place.run("pull"), "the history is damaged")
    shutil.rmtree(place.folder / "data")
    shutil.move(place.folder / "elsewhere", place.folder / "data")
    place.done("pull")


@pytest.mark.rule("R3.16")
def test_operators_are_told_once_that_the_history_is_damaged(place: Place) -> None:
    place.set(f'{NEVER_LOST}[alerts]\nto = ["#ops"]\nno_pull_for_hours = 36500\n')
    flip(file_of(place, 3, "report"))
    told = [place.run("pull").out for _ in range(2)]
    assert ["The pull of payments failed: the history is damaged" in out for out in told] == [True, False]
