"""show and kpis: every table in every format, exactly as it is promised."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import backing
from tests.backing import Backing
from tests.workspaces import NEVER_LOST, Place, account, accounts

# As promised; `history` and `report` end with the report's other columns.
PROMISED = {
    "history": "product uid merchant_name csm_name csm_email region gmv revenue is_product_enabled in_last_report"
    " last_seen_at Plan",
    "churns": "product uid merchant_name csm_name csm_email region gmv revenue churned_at status lost_at"
    " hours_since_churn last_stage claim snoozed_until csm_name_now csm_email_now gmv_now revenue_now engaged_at"
    " hours_to_engage",
    "wins": "product uid merchant_name csm_name csm_email region gmv revenue kind won_at churned_at"
    " turnover_hours credit credit_csm_name credit_csm_email",
    "readopted": "product uid merchant_name csm_name region gmv revenue churned_at closed_at turnover_hours credit"
    " credit_csm_name credit_csm_email",
    "cases": "product uid case_id merchant_name csm_name csm_email region gmv revenue churned_at readopted_at lost_at"
    " status credit engaged_at hours_to_engage baseline silent holdout voided_at csm_name_now csm_email_now"
    " credit_csm_name credit_csm_email working_hours_to_engage first_message_at hours_from_message"
    " working_hours_from_message",
    "notifications": "product uid case_id stage csm_name channel recipient message_id status planned_at sent_at error",
    "claims": "product uid case_id merchant_name csm_name outcome reason note claimed_at recorded_at source verdict",
    "feedback": "product uid case_id stage csm_name useful answered_at",
    "activities": "source external_id product uid csm_name kind occurred_at logged_at",
    "rejected": "pull_id product line reason uid content",
    "pulls": "pull_id product at status reason rows accepted rejected churned won missing source read_at decided_by",
}
PROMISED["at_risk"] = PROMISED["churns"]
EMPTY = ("claims", "feedback", "activities")


@pytest.fixture(scope="module")
def played(stands_on: Backing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pulls: every table that can has rows."""
    place = Place(tmp_path_factory.mktemp("played") / "place", NEVER_LOST)
    for on, off in (("2024-03-01", {1, 2}), ("2024-03-02", {2, 3, 4}), ("2024-03-03", {2, 4, 5})):
        rows = [(*row, "Gold") for row in [*accounts(40, off), account("odd", "perhaps")]]
        text = "UID,Merchant,CSM,Region,GMV,Revenue,Enabled,Plan\n"
        place.write_text(on, text + "".join(",".join(map(str, row)) + "\n" for row in rows))
        place.done("pull")
    return place.folder


@pytest.fixture
def place(played: Path, tmp_path: Path) -> Place:
    backing.copy_workspace(played, tmp_path / "place")
    return Place(tmp_path / "place", NEVER_LOST)


@pytest.mark.parametrize("table", PROMISED)
def test_columns_and_their_order_in_every_format(place: Place, table: str) -> None:
    promised = PROMISED[table].split()
    rows = place.show(table)
    assert bool(rows) == (table not in EMPTY)
    for row in rows:
        assert list(row) == promised
    header, *cells = csv.reader(io.StringIO(place.done("show", table, "--format", "csv").out))
    assert header == promised
    assert cells == [[written(cell) for cell in row.values()] for row in unchanging(rows, place, table)]
    file = place.folder / "table.parquet"
    place.done("show", table, "-o", str(file))
    found = pq.read_table(file)
    assert (found.column_names, found.num_rows) == (promised, len(rows))


def unchanging(rows: list[dict[str, Any]], place: Place, table: str) -> list[dict[str, Any]]:
    """Hours until now go on: they are read again at a moment that stays."""
    if "hours_since_churn" not in PROMISED[table]:
        return rows
    header, *cells = csv.reader(io.StringIO(place.done("show", table, "--format", "csv").out))
    hours = [row[header.index("hours_since_churn")] for row in cells]
    return [{**row, "hours_since_churn": hour} for row, hour in zip(rows, hours, strict=True)]


def written(cell: Any) -> str:
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).lower()
    return str(cell)


def test_the_report_of_a_pull(place: Place) -> None:
    rows = place.show("report", "--pull", "2")
    assert " ".join(rows[0]) == (
        "product uid merchant_name csm_name csm_email region gmv revenue is_product_enabled changed_at Plan"
    )
    assert len(rows) == 40
    assert rows[0]["Plan"] == "Gold"


def test_only_tables_that_are_of_a_pull_take_one(place: Place) -> None:
    for table in ("cases", "history", "pulls"):
        ran = place.run("show", table, "--pull", "1")
        assert (ran.status, ran.line) == (2, f"a pull is asked of the tables report and rejected, not of {table}")


def test_cells_are_written_as_promised(place: Place) -> None:
    (row,) = [row for row in place.show("at_risk", "--at", "2024-03-03T12:00Z") if row["uid"] == "m5"]
    assert (row["churned_at"], row["gmv"], row["lost_at"]) == ("2024-03-03T00:00:00Z", "1200.50", None)
    assert (row["hours_since_churn"], row["status"], row["last_stage"]) == (12.0, "at_risk", "first")
    history = {row["uid"]: row for row in place.show("history")}
    assert (history["m5"]["is_product_enabled"], history["m5"]["in_last_report"]) == (False, True)
    typed = {row["uid"]: row for row in pq.read_table(parquet(place, "history")).to_pylist()}
    assert str(typed["m5"]["gmv"]) == "1200.5000"
    assert typed["m5"]["last_seen_at"].isoformat() == "2024-03-03T00:00:00+00:00"


def parquet(place: Place, table: str) -> Path:
    path = place.folder / f"{table}.parquet"
    place.done("show", table, "-o", str(path))
    return path


@pytest.mark.parametrize("table", EMPTY)
def test_tables_that_nothing_fills_yet(place: Place, table: str) -> None:
    assert place.done("show", table, "--format", "json").out == "[]\n"
    assert place.done("show", table, "--format", "csv").out.splitlines() == [PROMISED[table].replace(" ", ",")]
    ran = place.done("show", table)
    assert (ran.out, ran.err) == ("", "0 rows\n")


def test_a_table_for_people(place: Place) -> None:
    ran = place.done("show", "wins")
    header, *rows = ran.out.splitlines()
    assert header.split()[:4] == ["product", "uid", "merchant_name", "csm_name"]
    assert len(rows) == len(place.show("wins"))
    assert "1,200.50" in rows[0]
    assert ran.err.startswith(f"{len(rows)} rows; not shown")


def test_limit(place: Place) -> None:
    assert [row["uid"] for row in place.show("history", "--limit", "3")] == ["m0", "m1", "m10"]
    assert place.done("show", "history", "--format", "csv", "--limit", "1").out.count("\n") == 2
    ran = place.done("show", "history", "--limit", "2")
    assert (ran.out.count("\n"), ran.err.partition(";")[0]) == (3, "2 of 40 rows")
    assert pq.read_table(parquet(place, "history")).num_rows == 40
    assert len(place.show("history", "--limit", "1000")) == 40
    for limit in ("0", "-1", "many"):
        assert place.run("show", "history", "--limit", limit).status == 2


def test_the_format_follows_the_name_of_the_file(place: Place) -> None:
    for name in ("a.csv", "a.json", "a.parquet", "a.CSV", "noending"):
        ran = place.done("show", "wins", "-o", str(place.folder / name))
        assert (ran.out, ran.err) == ("", "")
    assert (place.folder / "noending").read_bytes() == (place.folder / "a.csv").read_bytes()
    assert json.loads((place.folder / "a.json").read_bytes()) == place.show("wins")
    place.done("show", "wins", "--format", "json", "-o", str(place.folder / "b.csv"))
    assert (place.folder / "b.csv").read_bytes() == (place.folder / "a.json").read_bytes()


def test_formats_that_make_no_sense(place: Place) -> None:
    assert "name a file with -o FILE" in place.run("show", "wins", "--format", "parquet").err
    assert "choose --format csv, json or parquet" in place.run("show", "wins", "--format", "table", "-o", "x").err
    ran = place.run("show", "wins", "-o", str(place.folder / "nowhere" / "x.csv"))
    assert (ran.status, ran.line) == (1, f"{place.folder}/nowhere/x.csv: No such file or directory")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_in_a_csv_is_text(tmp_path: Path, sign: str) -> None:
    place = Place(tmp_path, NEVER_LOST)
    formula = f"{sign}1+cmd|' /C calc'!A0"
    text = (
        f'UID,Merchant,CSM,Region,GMV,Revenue,Enabled,"{formula}"\n"{formula}","{formula}",a,b,-5,1,yes,"{formula}"\n'
    )
    place.write_text("2024-03-01", text)
    place.done("pull")
    header, row = csv.reader(io.StringIO(place.done("show", "history", "--format", "csv").out, newline=""))
    cells = dict(zip(header, row, strict=True))
    assert cells["gmv"] == "-5.00"
    assert not [cell for name, cell in cells.items() if cell.startswith(sign) and name != "gmv"]
    assert not [name for name in header if name.startswith(sign)]
    (shown,) = place.show("history")
    assert shown["merchant_name"] == formula.strip()


@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r", '"', ",", ";", "\u2028", "'"])
def test_cells_with_line_breaks_and_quotes_come_back_whole(tmp_path: Path, inside: str) -> None:
    place = Place(tmp_path, NEVER_LOST)
    cell = f"one{inside}two"
    quoted = cell.replace('"', '""')
    place.write_text("2024-03-01", f'UID,Merchant,CSM,Region,GMV,Revenue,Enabled\na,"{quoted}",,,,,yes\nb,,,,,,yes\n')
    place.done("pull")
    place.done("show", "history", "-o", str(tmp_path / "history.csv"))
    with (tmp_path / "history.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["merchant_name"] for row in rows] == [cell, ""]


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    place = Place(tmp_path, NEVER_LOST)
    bad = "\x1b]0;title\x07\x1b[2J[red]x[/red]\u202e"
    for on, flag in (("2024-03-01", "yes"), ("2024-03-02", "no")):
        place.write_text(
            on, f'UID,Merchant,CSM,Region,GMV,Revenue,Enabled\na,"{bad}","{bad}",x,1,1,{flag}\nb,,,,,,yes\n'
        )
        ran = place.done("pull")
        assert "\x1b" not in ran.out + ran.err
    for table in ("history", "at_risk", "notifications"):
        ran = place.done("show", table)
        assert "\x1b" not in ran.out + ran.err
        assert "\u202e" not in ran.out
    assert "[red]x[/red]" in place.done("show", "history").out
    assert "\x1b" not in place.done("kpis").out


@pytest.mark.parametrize("column", ["stock_now", "csm_email_backup", "gmv_in_report", "title", "None"])
def test_other_columns_of_any_name_in_a_table_for_people(tmp_path: Path, column: str) -> None:
    place = Place(tmp_path, NEVER_LOST)
    place.write_text("2024-03-01", f"UID,Merchant,CSM,Region,GMV,Revenue,Enabled,{column}\na,A,,,,,yes,here\n")
    place.done("pull")
    assert "here" in place.done("show", "history").out


def test_filters(place: Place) -> None:
    place.write_text(
        "2024-03-04",
        "UID,Merchant,CSM,Region,GMV,Revenue,Enabled\n"
        + "".join(
            f"m{n},M,{'Lee' if n % 2 else ''},{'APAC' if n < 3 else ''},1,1,{str(n != 7).lower()}\n" for n in range(40)
        ),
    )
    place.done("pull")
    assert place.uids("history", "--region", "APAC") == ["m0", "m1", "m2"]
    assert len(place.uids("history", "--region", "")) == 37
    assert len(place.uids("history", "--csm", "Lee")) == 20
    assert len(place.uids("history", "--csm", "")) == 20
    assert place.uids("at_risk", "--csm", "Nobody' or '1'='1") == []
    assert place.uids("history", "--product", "payments", "--region", "APAC", "--csm", "Lee") == ["m1"]


def test_another_moment(place: Place) -> None:
    assert place.uids("at_risk", "--at", "2024-03-02") == ["m3", "m4"]
    assert place.uids("at_risk", "--at", "2024-03-01T23:59:59Z") == []
    assert len(place.show("pulls", "--at", "2024-03-02")) in (2, 3)
    assert place.show("history", "--at", "2024-03-02")[2]["last_seen_at"] == "2024-03-02T00:00:00Z"
