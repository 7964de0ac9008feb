"""A workspace whose engine is changed between pulls, and a process that dies with Spark at work."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import backing
from tests.workspaces import NEVER_LOST, Place, account, accounts

pytestmark = [
    pytest.mark.only_on("sqlite"),
    pytest.mark.skipif(bool(backing.lacking_for_spark()), reason=f"Spark lacks {backing.lacking_for_spark()}"),
]
DUCKDB, SPARK = "duckdb", "local[2]"
LOOSE = "[products.payments.guard]\nmax_churn = 1.0\nmax_wins = 1.0\nmax_missing = 1.0\n"


def on(place: Place, engine: str) -> None:
    place.set(f"{NEVER_LOST}[workspace]\nengine = {json.dumps(engine)}\n{LOOSE}")


def pulled(folder: Path, engines: list[str]) -> Place:
    """A pull a day, each with the engine of that day; every day others are off, one is new and one is missing."""
    place = Place(folder)
    for day, engine in enumerate(engines, start=1):
        on(place, engine)
        report = [*accounts(30, off={day, day + 1}), account(f"new {day}", csm="ΟΔΟΣ İ", region="${env:HOME} \\ 'x'")]
        place.write(f"2024-03-{day:02}", report[day:])
        place.done("pull")
    return place


def told(place: Place) -> dict[str, object]:
    tables = ("history", "at_risk", "wins", "cases", "notifications", "report --pull 4", "pulls")
    shown = {table: place.show(*table.split()) for table in tables}
    moving = ("read_at", "source", "planned_at", "sent_at", "message_id")
    return {
        table: [{name: value for name, value in row.items() if name not in moving} for row in rows]
        for table, rows in shown.items()
    }


@pytest.mark.rule("R1.2", "R2.2")
def test_each_engine_goes_on_from_what_the_other_wrote(tmp_path: Path) -> None:
    alone = pulled(tmp_path / "alone", [DUCKDB] * 4)
    turns = pulled(tmp_path / "turns", [DUCKDB, SPARK, DUCKDB, SPARK])
    assert told(turns) == told(alone)
    assert "wrong" not in turns.run("doctor").out


@pytest.mark.rule("R3.14")
@pytest.mark.parametrize(("first", "then"), [(DUCKDB, SPARK), (SPARK, DUCKDB)])
def test_a_pull_is_known_to_the_other_engine(tmp_path: Path, first: str, then: str) -> None:
    place = pulled(tmp_path, [first, first])
    on(place, then)
    assert "already applied" in place.done("pull").out
    place.write("2024-03-02", accounts(30, off={5}))
    assert place.run("pull").status == 1


@pytest.mark.rule("R3.15")
@pytest.mark.parametrize("seconds", [0.5, 1.5])
def test_a_pull_on_spark_that_dies_is_run_again(tmp_path: Path, seconds: float) -> None:
    place = pulled(tmp_path, [DUCKDB])
    on(place, SPARK)
    place.write("2024-03-02", accounts(30, off={7}))
    process = place.start("pull")
    wait_for_a_file(place.folder / "data", process)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert "m7" in place.done("pull").out + str(place.uids("at_risk"))
    assert place.uids("at_risk") == ["m7"]
    assert [pull["status"] for pull in place.show("pulls")] == ["applied", "applied"]
    assert "wrong" not in place.run("doctor").out


def wait_for_a_file(folder: Path, process: subprocess.Popen[str]) -> None:
    """Of the second pull: Spark is at work then."""
    while process.poll() is None and len(list(folder.rglob("raw.parquet"))) == 0:
        time.sleep(0.05)


def test_what_spark_prints_is_not_ours_to_print(tmp_path: Path) -> None:
    place = pulled(tmp_path, [DUCKDB])
    on(place, SPARK)
    place.write("2024-03-02", accounts(30, off={7}))
    ran = place.run_alone("pull")
    assert ran.status == 0
    assert ran.err == ""
    assert ran.out.startswith("+---") or ran.out.startswith("payments ")


def test_without_java_one_line_says_so(tmp_path: Path) -> None:
    place = pulled(tmp_path, [DUCKDB])
    on(place, SPARK)
    place.write("2024-03-02", accounts(30, off={7}))
    ran = place.run_alone("pull", PATH="/nowhere", JAVA_HOME="/nowhere")
    assert ran.status == 1
    assert ran.line == "Spark did not start: it needs Java 17 or newer; install it, or let JAVA_HOME name it"
