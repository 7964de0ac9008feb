"""Rows that stand in the base just so are neither cleaned nor written again, and count all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.workspaces import MAPPED, NEVER_LOST, Place, account, accounts
from winback import daily
from winback.report.engine.duckdb import DuckDB

DAYS = [f"2024-03-{number:02}" for number in range(1, 10)]


def status_of(place: Place, on: str) -> str:
    (row,) = [row for row in place.show("pulls") if row["at"].startswith(on)]
    return str(row["status"])


def files(place: Place, name: str) -> list[Path]:
    return sorted((place.folder / "data").rglob(name))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A base of 3,000 accounts, large beside what few changes need."""
    place = Place(tmp_path, NEVER_LOST)
    place.write(DAYS[0], accounts(3000))
    place.done("pull")
    return place


def test_only_what_differs_is_written(place: Place) -> None:
    for day, off in zip(DAYS[1:4], ({1}, {1, 2}, {2}), strict=True):
        place.write(day, accounts(3000, off))
        place.done("pull")
    base, *written = files(place, "report.parquet")
    assert all(file.stat().st_size < base.stat().st_size / 4 for file in written)
    assert place.uids("at_risk") == ["m2"]
    assert [row["accepted"] for row in place.show("pulls")] == [3000] * 4
    assert len(place.show("history")) == 3000
    assert len(place.show("report", "--pull", "3")) == 3000


@pytest.mark.rule("R3.14")
def test_the_same_rows_are_known_whatever_was_written_of_them(place: Place) -> None:
    place.write(DAYS[1], accounts(3000, {1}))
    place.done("pull")
    place.write(DAYS[1], list(reversed(accounts(3000, {1}))))
    assert "already applied" in place.done("pull").out


@pytest.mark.rule("R3.3", "R3.8")
def test_a_conflict_with_a_row_of_the_base_rejects_both(place: Place) -> None:
    twice = [account(f"m{number}", False) for number in range(40)]
    place.write(DAYS[1], [*accounts(3000), *twice])
    assert place.run("pull").status == 3
    (held,) = [row for row in place.show("pulls") if row["status"] == "held"]
    assert (held["accepted"], held["rejected"]) == (2960, 80)
    assert "already held" in place.run("pull").out


@pytest.mark.rule("R3.5")
def test_a_number_and_the_same_text_are_two_values(tmp_path: Path) -> None:
    place = Place(tmp_path, f'decimal = ","\n{MAPPED}', "reports/payments_{date}.ndjson")
    for day, gmv in zip(DAYS, (1.234, "1.234"), strict=False):
        row = {"UID": "a", "Merchant": "", "CSM": "", "Region": "", "GMV": gmv, "Revenue": 1, "Enabled": True}
        place.write_text(day, json.dumps(row) + "\n", ".ndjson")
        place.done("pull")
    assert [row["gmv"] for row in place.show("history")] == ["1234.00"]


@pytest.mark.rule("R2.8")
def test_a_held_pull_with_other_uids_can_not_be_approved(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    place.write(DAYS[4], [*accounts(30), *[account("", True)] * 20])
    assert place.run("pull").status == 3
    place.set(NEVER_LOST + MAPPED.replace('uid = "UID"', 'uid = "Merchant"'))
    place.write(DAYS[3], accounts(30))
    place.done("pull", "--at", DAYS[3])
    ran = place.run("pulls", "approve", "1", "--reason", "it is fine")
    assert (ran.status, ran.out) == (1, "")
    assert ran.line == (
        "pull 1 has its UIDs from uid, and the history since from merchant: they can't be compared; reject it"
    )


@pytest.mark.rule("R3.14")
def test_another_version_of_the_engine_knows_the_same_rows(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write(DAYS[1], accounts(3000, {1}))
    place.done("pull")
    monkeypatch.setattr(DuckDB, "name", "duckdb-99.0.0")
    assert "already applied" in place.done("pull").out
    place.write(DAYS[2], accounts(3000, {1, 2}))
    place.done("pull")
    assert place.uids("at_risk") == ["m1", "m2"]
    assert "already applied" in place.done("pull").out


@pytest.mark.rule("R3.12")
def test_a_held_pull_whose_files_are_damaged_gives_way_to_the_same_rows(place: Place) -> None:
    place.write(DAYS[1], accounts(3000, range(1500)))
    assert place.run("pull").status == 3
    files(place, "report.parquet")[1].write_bytes(b"damaged")
    ran = place.run("pulls", "approve", "2", "--reason", "it is fine")
    assert "pull its report again with --at 2024-03-02T00:00:00Z, and it takes this one's place" in ran.line
    assert place.run("pull").status == 3
    place.done("pulls", "approve", "3", "--reason", "it is fine")
    assert len(place.uids("at_risk")) == 1500


@pytest.mark.rule("R3.15")
def test_interrupted_after_the_commit(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    place.write(DAYS[1], accounts(3000, {1}))
    with monkeypatch.context() as patched:
        patched.setattr(daily, "outcome_of", interrupt)
        assert place.run("pull").status == 130
    assert status_of(place, DAYS[1]) == "applied"
    assert "already applied" in place.done("pull").out
    place.write(DAYS[2], accounts(3000, {1, 2}))
    place.done("pull")
    assert place.uids("at_risk") == ["m1", "m2"]
