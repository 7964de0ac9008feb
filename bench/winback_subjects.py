"""What of winback is measured, and the floor."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from inputs import Inputs
from measure import Subject, timed
from server import Server

SMALL = 1_000
OF_BACKFILL = 12_000
OPEN_CASES = 100_000
NONE_DUE, ALL_DUE = "none-due", "all-due"
WINBACK = [sys.executable, "-m", "winback"]
SETTINGS = '[products.payments]\nreport = "reports"\n[products.payments.columns]\nuid = "uid"\n'
LITTLE_MEMORY = '[workspace]\nengine_memory = "512MB"\n'
SPARK = '[workspace]\nengine = "local[2]"\n'
# A day on which nearly everybody churns is held but by a guard that lets everything through.
LENIENT = "[products.payments.guard]\nmax_churn = 1.0\nmax_group = 1.0\n"


def at_size(inputs: Inputs, accounts: int, wanted: Callable[[str], bool]) -> Iterator[Subject]:
    """The floor, and pulls of N accounts."""
    days, n = inputs.days(accounts), f"{accounts:,}"
    yield Subject("floor", f"the floor F({n})", floor(days / "day_2.csv"), inputs.empty)
    for key, form, target, workspace in (
        ("csv", "CSV", "≤ 1.8 × F, at 10 M ≤ 1.2 GiB", ""),
        ("parquet", "Parquet", "≤ 1.5 × F", ""),
        ("512mb", "CSV, 512 MB for the engine", "finishes", LITTLE_MEMORY),
        ("spark", "CSV, Spark `local[2]`", "", SPARK),
    ):
        if wanted(key):
            pulled = pulled_once(inputs, days / "day_1.csv", workspace)
            command = pull(days / ("day_2.parquet" if key == "parquet" else "day_2.csv"), day=2)
            check = found(inputs.counts(accounts))
            yield Subject(key, f"`pull` of {n} from {form}", command, inputs.copy_of(pulled), target, check=check)
    if wanted("postgres"):
        yield _on_postgres(inputs, days, f"`pull` of {n} from CSV, PostgreSQL", found(inputs.counts(accounts)))


def _on_postgres(inputs: Inputs, days: Path, name: str, check: Callable[[Path], None]) -> Subject:
    """Each run has a copy of the database too."""
    server = Server()
    atexit.register(server.stop)
    database = server.database()
    pulled = pulled_once(inputs, days / "day_1.csv", _database(server.url(database)))

    def prepare() -> Path:
        folder = inputs.copy_of(pulled)()
        copy = server.database(like=database)
        (folder / "winback.toml").write_text(_database(server.url(copy)) + SETTINGS, encoding="utf-8")
        return folder

    return Subject("postgres", name, pull(days / "day_2.csv", day=2), prepare, check=check)


def _database(url: str) -> str:
    return f'[workspace]\ndatabase = "{url}"\n'


def of_fixed_size(inputs: Inputs, reports: int, wanted: Callable[[str], bool]) -> Iterator[Subject]:
    """What does not depend on N."""
    if wanted("small"):
        yield _small(inputs)
    if wanted("backfill"):
        yield _backfill(inputs, reports)
    if wanted("help"):
        yield Subject("help", "`winback --help`", [*WINBACK, "--help"], inputs.empty, "≤ 0.15 s", over_floor=False)
    if wanted("follow-ups"):
        yield from _follow_ups(inputs)


def _small(inputs: Inputs) -> Subject:
    days = inputs.days(SMALL)
    return Subject(
        "small",
        f"`pull` of {SMALL:,}",
        pull(days / "day_2.csv", day=2),
        inputs.copy_of(pulled_once(inputs, days / "day_1.csv")),
        "≤ 1.2 s",
        over_floor=False,
        check=found(inputs.counts(SMALL)),
    )


def _backfill(inputs: Inputs, reports: int) -> Subject:
    return Subject(
        "backfill",
        f"`backfill`, a report of {OF_BACKFILL:,}",
        [*WINBACK, "backfill", "payments", inputs.dated(OF_BACKFILL, reports)],
        lambda: workspace(inputs),
        "≤ 80 ms",
        over_floor=False,
        divided_by=reports,
    )


def _follow_ups(inputs: Inputs) -> Iterator[Subject]:
    """The same pull on the day after the churns, when no stage is due, and a day later, when the second is due for all:
    the difference is the planning."""
    on, off = inputs.switched_off(OPEN_CASES)
    churned = workspace(inputs, LENIENT)
    timed(pull(on, day=1), churned)
    timed(pull(off, day=2), churned)
    for key, day, due, target in ((NONE_DUE, 3, "none", ""), (ALL_DUE, 4, "all", "≤ 2 s longer")):
        name = f"`pull`, {OPEN_CASES:,} open cases, {due} due"
        yield Subject(key, name, pull(off, day), inputs.copy_of(churned), target, over_floor=False)


def floor(csv: Path) -> list[str]:
    statement = f"copy (from '{csv}') to 'floor.parquet' (format parquet)"
    return [sys.executable, "-c", f"import duckdb; duckdb.sql({statement!r})"]


def pull(report: Path, day: int) -> list[str]:
    return [*WINBACK, "pull", "--report", str(report), "--at", f"2026-11-{day:02}T09:00Z", "--no-messages"]


def workspace(inputs: Inputs, settings: str = "") -> Path:
    """`settings`: beside the product's."""
    folder = inputs.empty()
    (folder / "winback.toml").write_text(settings + SETTINGS, encoding="utf-8")
    timed([*WINBACK, "migrate"], folder)
    return folder


def pulled_once(inputs: Inputs, report: Path, settings: str = "") -> Path:
    """A workspace to which the first day has been applied."""
    folder = workspace(inputs, settings)
    timed(pull(report, day=1), folder)
    return folder


def found(counts: dict[str, int]) -> Callable[[Path], None]:
    """Checks that the last pull found what there is to find."""

    def check(folder: Path) -> None:
        command = [*WINBACK, "show", "pulls", "--format", "json"]
        shown = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
        pulls = json.loads(shown.stdout)
        before, now = sorted(pulls, key=lambda each: str(each["at"]))[-2:]
        seen = {name: now[name] for name in ("churned", "won", "missing")}
        seen["new"] = now["accepted"] + now["missing"] - before["accepted"]
        assert now["status"] == "applied", now
        assert seen == {name: counts[name] for name in seen}, f"{seen} found of {counts}"

    return check
