"""A backfill reads the next report while it applies this one; what comes of it is what single pulls come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.programme import Programme, Report, accounts, rows
from winback import readers
from winback.errors import ReportRefused
from winback.report.engine.duckdb import DuckDB

ON = accounts(20)
# The third day everybody is off: it is held, and the fourth meets the history of the second.
DAYS: dict[int, Report] = {
    1: rows(ON, {"gmv": 5}),
    2: rows(accounts(19) + " m19-", {"gmv": 6}),
    3: accounts(20, "-"),
    4: rows("m0- " + accounts(18, start=1) + " m19+ new+", {"gmv": 7}),
    5: rows("m0- " + accounts(18, start=1) + " m19+ new-", {"gmv": 7}),
}


def programme_in(folder: Path) -> Programme:
    folder.mkdir(exist_ok=True)
    programme = Programme(folder)
    for number, report in DAYS.items():
        programme.file(report, f"day_2026-11-0{number}.csv")
    return programme


def tables(programme: Programme) -> dict[str, object]:
    cases = [{**case, "silent": None} for case in programme.table("cases")]
    return {"history": programme.table("history"), "wins": programme.table("wins"), "cases": cases}


def test_a_backfill_comes_to_what_one_pull_after_the_other_does(tmp_path: Path) -> None:
    at_once, single = programme_in(tmp_path / "at_once"), programme_in(tmp_path / "single")
    outcomes = at_once.backfill("day_{date}.csv", now=6)
    pulled = [
        single.pull(f"2026-11-0{number}", single.folder / f"day_2026-11-0{number}.csv", messages=False)
        for number in DAYS
    ]
    assert [outcome.status for outcome in outcomes] == ["applied", "applied", "held", "applied", "applied"]
    assert [(each.status, each.churned, each.won) for each in outcomes] == [
        (each.status, each.churned, each.won) for each in pulled
    ]
    assert tables(at_once) == tables(single)


def test_a_spoiled_report_stops_it_there_and_nothing_of_what_was_read_ahead_is_left(tmp_path: Path) -> None:
    programme = programme_in(tmp_path)
    spoiled = programme.file("<html>sign in</html>\n", "day_2026-11-02.csv")
    with pytest.raises(ReportRefused, match=r"day_2026-11-02\.csv is a web page"):
        programme.backfill("day_{date}.csv", now=6)
    assert [pull["at"].day for pull in programme.table("pulls")] == [1]
    assert len([entry for entry in (programme.folder / "data" / "payments").iterdir() if entry.is_dir()]) == 1
    programme.file(DAYS[2], spoiled.name)
    outcomes = programme.backfill("day_{date}.csv", now=6)
    assert [outcome.status for outcome in outcomes] == ["applied", "held", "applied", "applied"]


def test_a_report_that_vanishes_while_the_one_before_is_applied_fails_alone(tmp_path: Path) -> None:
    programme = programme_in(tmp_path)
    with programme.open(6) as workspace:
        steps = workspace.backfill("payments", str(programme.folder / "day_{date}.csv"))
        for _ in range(3):
            next(steps)
        (programme.folder / "day_2026-11-05.csv").unlink()
        _, fourth = next(steps)
        assert fourth.status == "applied"
        with pytest.raises(ReportRefused, match=r"day_2026-11-05\.csv"):
            next(steps)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many each engine has that is opened."""
    found: list[int] = []
    begin = DuckDB.__init__

    def noting(engine: DuckDB, *arguments: Any) -> None:
        begin(engine, *arguments)
        found.extend(many for (many,) in engine.fetch("select current_setting('threads')"))

    monkeypatch.setattr(DuckDB, "__init__", noting)
    return found


@pytest.mark.only_on("sqlite")
def test_a_little_report_beside_a_little_history_is_for_one_thread(
    tmp_path: Path, threads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ((all_threads,),) = duckdb.connect().execute("select current_setting('threads')").fetchall()
    programme = programme_in(tmp_path)
    programme.backfill("day_{date}.csv", now=6)
    programme.pull(7, DAYS[5])
    assert set(threads) == {1}
    threads.clear()
    # As much as the report has; the history has more.
    monkeypatch.setattr(readers, "_ONE_THREAD", programme.file(DAYS[5], "day_8.csv").stat().st_size)
    programme.pull(8, DAYS[5])
    assert threads == [all_threads]
