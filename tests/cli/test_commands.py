"""What all commands share: help, exit statuses, what goes where; and pull, backfill, notify and the decisions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from tests.workspaces import NEVER_LOST, Place, account, accounts, finished, stored
from winback import __version__
from winback.cli import cli


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """After a first pull; the report of the second day is there."""
    place = Place(tmp_path, NEVER_LOST)
    place.write("2024-03-01", accounts(30, {1, 2}))
    place.done("pull")
    place.write("2024-03-02", accounts(30, {2, 3}))
    return place


def all_commands(group: click.Group = cli, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [above]
    for name, command in group.commands.items():
        path = (*above, name)
        found += all_commands(command, path) if isinstance(command, click.Group) else [path]
    return found


@pytest.mark.parametrize("command", all_commands(), ids=" ".join)
def test_every_command_explains_itself(tmp_path: Path, command: tuple[str, ...]) -> None:
    place = Place(tmp_path)
    for option in ("--help", "-h"):
        ran = place.run(*command, option)
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.startswith("Usage: ")
        assert max(map(len, ran.out.splitlines())) <= 120


def test_help_needs_neither_engine_nor_database() -> None:
    code = (
        "import sys, winback.cli; print(sorted({'duckdb', 'django', 'pyarrow', 'rich', 'msgspec'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_pull_does_not_wait_for_what_only_figures_need() -> None:
    code = "import sys, winback.workspace; print(sorted({'numpy', 'pyarrow', 'statsmodels'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("command", [["-m", "winback"], [os.path.join(os.path.dirname(sys.executable), "winback")]])
def test_both_ways_to_start_it(command: list[str]) -> None:
    arguments = [sys.executable, *command] if command[0] == "-m" else command
    ran = subprocess.run([*arguments, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"winback {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "No such command 'nothing'"),
        (("pull", "--nothing"), "No such option"),
        (("pull", "refunds"), 'there is no product "refunds" in winback.toml; there are: payments'),
        (("pull", "--at", "soon"), 'expected a date or moment such as 2026-11-03 or 2026-11-03T09:00Z, found "soon"'),
        (("backfill", "payments", "reports/*.csv"), "{date}"),
        (("backfill", "refunds", "{date}.csv"), 'there is no product "refunds"'),
        (("show",), "Missing argument 'TABLE'"),
        (("show", "nothing"), 'there is no table "nothing"; there are: history, report, '),
        (("show", "wins", "--product", "refunds"), 'there is no product "refunds"'),
        (("show", "wins", "--at", "03.11.2026"), "expected a date or moment"),
        (("show", "report"), "say which, by the ID that `winback pulls` lists"),
        (("show", "report", "--pull", "99"), "`winback pulls` lists them"),
        (("show", "wins", "--format", "xml"), "Invalid value for '--format'"),
        (("pulls", "approve", "one", "--reason", "x"), "'one' is not a valid integer"),
        (("pulls", "approve", "1"), "Missing option '--reason'"),
        (("cases", "void", "1"), "Missing option '--reason'"),
        (("--workspace", "nowhere", "pulls"), "no winback.toml in "),
    ],
    ids=str,
)
def test_wrong_use_is_status_2_and_said(place: Place, arguments: tuple[str, ...], said: str) -> None:
    ran = place.run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_wrong_settings_are_status_2_and_name_the_key(place: Place) -> None:
    place.set("[guard]\nmax_churn = 0.5\n")
    ran = place.run("pull")
    assert (ran.status, ran.out) == (2, "")
    assert ran.line.startswith(f"{place.folder}/winback.toml: ")
    assert "guard" in ran.line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pulls", "approve", "99"), "there is no pull 99: `winback pulls` lists them"),
        (("pulls", "approve", "1"), "pull 1 is applied: only a held pull can be decided on"),
        (("pulls", "reject", "1"), "pull 1 is applied: only a held pull can be decided on"),
        (("pulls", "undo", "99"), "there is no pull 99: `winback pulls` lists them"),
        (("cases", "void", "99"), "there is no case 99: `winback show cases` lists them"),
    ],
    ids=str,
)
def test_what_fails_is_status_1_and_one_line(place: Place, arguments: tuple[str, ...], said: str) -> None:
    ran = place.run(*arguments, "--reason", "checked")
    assert (ran.status, ran.out, ran.line) == (1, "", said)


def test_pull(place: Place) -> None:
    ran = place.run("pull", "payments")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-4:] == [
        "payments 2024-03-02T00:00:00Z: applied (pull 2)",
        "  30 rows read, 30 accounts accepted, 0 rows rejected",
        "  1 churned, 1 won, 0 missing",
        "  2 messages sent",
    ]
    again = place.run("pull")
    assert again.status == 0
    assert again.out.startswith("payments 2024-03-02T00:00:00Z: already applied (pull 2)")


@pytest.mark.rule("R5.3")
def test_pull_without_messages_leaves_them_to_notify(place: Place) -> None:
    planned = "  2 messages planned; `winback notify` sends them\n"
    assert [place.done("pull", "--no-messages").out.endswith(planned) for _ in range(2)] == [True, True]
    assert {row["status"] for row in place.show("notifications")} == {"planned"}
    ran = place.done("notify")
    assert ran.out.endswith("2 messages sent\n")
    assert place.done("notify").out == "0 messages sent\n"
    assert "planned" not in place.done("pull", "--no-messages").out


@pytest.mark.rule("R3.14")
def test_other_rows_of_the_same_moment_say_how_to_read_them_anew(place: Place) -> None:
    place.done("pull")
    place.write("2024-03-02", [*accounts(30, {2}), account("m99", False)])
    ran = place.run("pull")
    assert (
        ran.status,
        ran.line.endswith("; to read it anew: `winback pulls undo 2`, or another moment with --at"),
    ) == (
        1,
        True,
    )
    ran = place.run("pull", "--at", "2024-03-01T12:00Z", "--report", str(place.reports / "payments_2024-03-02.csv"))
    assert ran.line.endswith("come too late; nothing changes")
    place.done("pulls", "undo", "2", "--reason", "read otherwise")
    assert "applied (pull 3)" in place.done("pull").out


def test_a_dry_run_changes_nothing(place: Place) -> None:
    before = stored(place.folder)
    ran = place.done("pull", "--dry-run")
    assert "dry run, nothing was changed; it would be applied" in ran.out
    assert stored(place.folder) == before
    place.write("2024-03-02", accounts(30, set(range(30))))
    ran = place.run("pull", "--dry-run")
    assert ran.status == 3
    assert "it would be held" in ran.out


@pytest.mark.rule("R3.12")
def test_a_held_pull_is_status_3_until_it_is_decided(place: Place) -> None:
    place.write("2024-03-02", accounts(30, set(range(30))))
    for _ in range(2):
        ran = place.run("pull")
        assert (ran.status, ran.err) == (3, "")
        assert "held (pull 2)" in ran.out
    listed = place.done("pulls").out
    assert listed.index("held: pull 2") < listed.index("pull_id")
    assert "28 of 28 (100.0 %, limit 10 %)" in listed
    assert "m10  Merchant m10" in listed
    assert "applied (pull 2)" in place.done("pulls", "approve", "2", "--reason", "checked").out
    assert len(place.show("at_risk")) == 28


@pytest.mark.rule("R3.12", "R3.13", "R4.7")
def test_reject_undo_void(place: Place) -> None:
    place.done("pull")
    assert "pull 2 of payments is undone" in place.done("pulls", "undo", "2", "--reason", "wrong file").out
    place.write("2024-03-03", accounts(30, set(range(30))))
    assert place.run("pull").status == 3
    assert "pull 3 is rejected" in place.done("pulls", "reject", "3", "--reason", "wrong file").out
    place.write("2024-03-04", accounts(30, {2, 3}))
    place.done("pull")
    (case,) = place.show("cases")
    number = str(case["case_id"])
    assert f"case {number} is void" in place.done("cases", "void", number, "--reason", "wrong data").out
    assert place.show("at_risk") == []
    assert "is void already (wrong data)" in place.run("cases", "void", number, "--reason", "again").line


def test_options_for_one_product_with_several(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    (tmp_path / "refunds.csv").write_text("uid,is_product_enabled\na,1\n", encoding="utf-8")
    place.set(NEVER_LOST + '[products.refunds]\nreport = "refunds.csv"\n')
    ran = place.run("pull", "--at", "2024-03-01")
    assert (ran.status, "--report and --at are for one product" in ran.err) == (2, True)
    ran = place.run("pull")
    assert ran.status == 1
    assert "refunds" in ran.out
    assert ran.line.startswith("payments: no report fits ")
    place.write("2024-03-01", accounts(30))
    assert place.run("pull", "payments", "refunds").status == 0
    assert len(place.show("history")) == 31


# backfill


def backfill(place: Place) -> tuple[str, ...]:
    for number in range(1, 8):
        off = {number, number + 1} if number != 4 else set(range(30))
        place.write(f"2024-03-0{number}", accounts(30, off))
    return ("backfill", "payments", "reports/payments_{date}.csv")


@pytest.mark.rule("R5.3")
def test_backfill_lists_held_reports_and_is_silent(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    ran = place.run(*backfill(place))
    assert (ran.status, ran.err) == (3, "")
    assert ran.out.startswith(
        "payments: 7 reports read, 6 applied, 1 held\npayments 2024-03-04T00:00:00Z: held (pull 4)\n"
    )
    assert place.show("notifications") == []
    assert all(case["silent"] for case in place.show("cases"))


def test_backfill_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    whole, parts = Place(tmp_path / "whole", NEVER_LOST), Place(tmp_path / "parts", NEVER_LOST)
    whole.run(*backfill(whole))
    command = backfill(parts)
    process = parts.start(*command)
    while process.poll() is None and len(list((parts.folder / "data").rglob("absent.parquet"))) < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    ran = finished(process)
    assert ran.status == 130, ran
    assert ran.err.splitlines()[-1] == ("interrupted; what was done stands, and the same command goes on from there")
    assert parts.run(*command).status == 3
    again = parts.run(*command)
    assert again.status in (0, 3)
    for table in ("history", "wins", "readopted"):
        assert parts.show(table) == whole.show(table)
    assert [pull["at"] for pull in parts.show("pulls")] == [pull["at"] for pull in whole.show("pulls")]


def test_backfill_without_anything_to_do(place: Place) -> None:
    place.done("pull")
    ran = place.done("backfill", "payments", str(place.reports / "payments_{date}.csv"))
    assert ran.out == "payments: nothing to do, every report is up to the last applied one\n"
    ran = place.run("backfill", "payments", "nowhere/{date}.csv")
    assert (ran.status, ran.line.startswith("no report fits ")) == (1, True)


# a reader that has seen enough


@pytest.mark.parametrize(
    ("form", "rows"), [("csv", 30), ("csv", 20_000), ("json", 30), ("json", 20_000), ("table", 30), ("table", 2_000)]
)
def test_a_reader_that_goes_away(tmp_path: Path, form: str, rows: int) -> None:
    place = Place(tmp_path, NEVER_LOST)
    place.write("2024-03-01", [account(f"m{number}") for number in range(rows)])
    place.done("pull")
    process = place.start("show", "history", "--format", form, "--limit", str(rows))
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0, said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
