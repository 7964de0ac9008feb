"""The public Python API: comparing two reports, and a workspace in a script or a notebook."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import winback
from tests.report.reports import ndjson
from tests.workspaces import NEVER_LOST, Place, accounts, csv_text

HEADER = ("Account ID", "is_product_enabled", "merchant_name", "csm_name", "region", "gmv", "Seats")
BEFORE = [
    ("007", True, "Bond", "Dana", "EMEA", "10.50", 1),
    ("7", False, "Seven", "Lee", None, None, 2),
    ("gone", True, "Gone", "Lee", "APAC", "1", 3),
    ("same", True, "Same", "Lee", "APAC", "2", 4),
]
AFTER = [
    ("same", True, "Same!", "Dana", "APAC", "3", 4),
    ("007", False, "Bond, James", "Lee", "EMEA", "11", 1),
    ("7", True, "Seven", "Lee", None, "0.05", 2),
    ("new", True, "New", "Lee", "APAC", "5", 5),
]
COLUMNS = {"uid": " account id"}
MOVED = {"007": "churn", "7": "win", "gone": "missing", "new": "new"}
NAMES = (
    "uid change merchant_name csm_name csm_email region gmv_before gmv_after revenue_before revenue_after"
    " enabled_before enabled_after"
)


def records(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(HEADER, row, strict=True)) for row in rows]


def as_csv(rows: list[tuple[Any, ...]], path: Path) -> Path:
    path = path.with_suffix(".csv")
    path.write_text(csv_text(rows, HEADER), encoding="utf-8")
    return path


def as_ndjson(rows: list[tuple[Any, ...]], path: Path) -> str:
    path = path.with_suffix(".ndjson")
    path.write_text(ndjson(records(rows)), encoding="utf-8")
    return str(path)


def as_parquet(rows: list[tuple[Any, ...]], path: Path) -> Path:
    path = path.with_suffix(".parquet")
    pq.write_table(pa.Table.from_pylist(records(rows)), path)
    return path


def as_arrow(rows: list[tuple[Any, ...]], _: Path) -> pa.Table:
    return pa.Table.from_pylist(records(rows))


def as_pandas(rows: list[tuple[Any, ...]], _: Path) -> pd.DataFrame:
    return pd.DataFrame(records(rows), index=[f"row {place}" for place in range(len(rows))])


def as_polars(rows: list[tuple[Any, ...]], _: Path) -> pl.DataFrame:
    return pl.DataFrame(records(rows))


KINDS: list[Callable[[list[tuple[Any, ...]], Path], Any]] = [
    as_csv,
    as_ndjson,
    as_parquet,
    as_arrow,
    as_pandas,
    as_polars,
]


def changes(found: pa.Table) -> dict[str, str]:
    return dict(zip(found["uid"].to_pylist(), found["change"].to_pylist(), strict=True))


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize("kind", KINDS)
def test_compare_gives_the_same_whatever_the_reports_are(tmp_path: Path, kind: Callable[..., Any]) -> None:
    found = winback.compare(kind(BEFORE, tmp_path / "a"), as_csv(AFTER, tmp_path / "b"), columns=COLUMNS)
    assert found.equals(winback.compare(as_csv(BEFORE, tmp_path / "c"), kind(AFTER, tmp_path / "d"), columns=COLUMNS))
    assert found.column_names == NAMES.split()
    assert changes(found) == MOVED
    churn, win, *_ = found.to_pylist()
    assert (churn["merchant_name"], churn["csm_name"], churn["region"]) == ("Bond", "Dana", "EMEA")
    assert (churn["gmv_before"], churn["gmv_after"]) == (Decimal("10.5"), Decimal("11"))
    assert (churn["enabled_before"], churn["enabled_after"]) == (True, False)
    assert (win["gmv_before"], win["gmv_after"], win["revenue_before"]) == (None, Decimal("0.05"), None)
    assert found.schema.field("gmv_before").type == pa.decimal128(18, 4)


@pytest.mark.rule("R2.3")
@pytest.mark.parametrize("kind", KINDS)
def test_compare_with_vanished(tmp_path: Path, kind: Callable[..., Any]) -> None:
    before, after = kind(BEFORE, tmp_path / "a"), kind(AFTER, tmp_path / "b")
    found = winback.compare(before, after, columns=COLUMNS, vanished="churn")
    assert changes(found) == {**MOVED, "gone": "churn"}


@pytest.mark.rule("R2.5")
@pytest.mark.parametrize("kind", KINDS)
def test_compare_in_presence_mode(tmp_path: Path, kind: Callable[..., Any]) -> None:
    before, after = kind(BEFORE, tmp_path / "a"), kind(AFTER, tmp_path / "b")
    found = winback.compare(before, after, columns=COLUMNS, mode="presence")
    assert changes(found) == {"gone": "win", "new": "churn"}


@pytest.mark.rule("R3.4")
def test_compare_leaves_rejected_accounts_out() -> None:
    before = pa.table({"uid": ["a", "b", "c"], "is_product_enabled": [1, 1, 1]})
    after = pa.table({"uid": ["a", "b", "c", "c", None], "is_product_enabled": ["perhaps", "0", "0", "1", "1"]})
    assert changes(winback.compare(before, after)) == {"b": "churn"}


def test_compare_with_a_decimal_comma() -> None:
    before = pa.table({"uid": ["a"], "is_product_enabled": ["1"], "gmv": ["1.234,50"]})
    after = pd.DataFrame({"uid": ["a"], "is_product_enabled": [False], "gmv": [1234.5]})
    (row,) = winback.compare(before, after, decimal=",").to_pylist()
    assert (row["gmv_before"], row["gmv_after"]) == (Decimal("1234.5"), Decimal("1234.5"))


def test_compare_leaves_its_input_alone(tmp_path: Path) -> None:
    path = as_csv(BEFORE, tmp_path / "a")
    frame = as_pandas(AFTER, tmp_path)
    text, copied = path.read_text(), frame.copy()
    winback.compare(path, frame, columns=COLUMNS)
    assert path.read_text() == text
    pd.testing.assert_frame_equal(frame, copied)
    assert list(tmp_path.iterdir()) == [path]


GOOD = pa.table({"uid": ["a"], "is_product_enabled": ["1"]})


FRAMES = "expected a path, an Arrow table, a pandas or a Polars frame"
WRONG: dict[str, tuple[Any, dict[str, Any], str]] = {
    "no file": ("nowhere.csv", {}, "no report at nowhere.csv"),
    "Arrow without a UID": (pa.table({"id": ["a"]}), {}, "the report has no column 'uid' for uid; it has: id"),
    "Polars without a flag": (pl.DataFrame({"uid": ["a"]}), {}, "the report has no column 'is_product_enabled' for"),
    "two UIDs": (pd.DataFrame({"uid": ["a"], "UID": ["b"], "is_product_enabled": ["1"]}), {}, "several columns 'uid'"),
    "one name twice": (
        pa.table([["a"], ["b"], ["1"]], ["uid", "uid", "is_product_enabled"]),
        {},
        "several columns 'uid'",
    ),
    "a column of ours that is none": (GOOD, {"columns": {"id": "uid"}}, "columns: 'id' is not one of uid, "),
    "no such mode": (GOOD, {"mode": "flags"}, "mode"),
    "no such vanished": (GOOD, {"vanished": "maybe"}, "vanished"),
    "no such decimal": (GOOD, {"decimal": ";"}, "decimal"),
    "nothing": (None, {}, FRAMES),
    "a list": ([1, 2], {}, FRAMES),
    "a frame of anything": (pd.DataFrame({"uid": ["a", 1, object()]}), {}, FRAMES),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_can_not_be_compared_is_said(name: str) -> None:
    before, options, said = WRONG[name]
    with pytest.raises(winback.WinbackError) as error:
        winback.compare(before, GOOD, **options)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


# A workspace


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "place", NEVER_LOST)
    place.write("2024-03-01", accounts(30, {1, 2}))
    place.write("2024-03-02", accounts(30, {2, 3}))
    return place


SCRIPT = """
import winback

with winback.open_workspace() as workspace:
    workspace.pull(report="reports/payments_2024-03-01.csv")
    outcome = workspace.pull("payments")
    print(outcome.status, outcome.churned, outcome.won)
    print(workspace.table("at_risk")["uid"].to_pylist())
    print(workspace.kpis(at="2024-03-02")["at_risk"]["accounts"])
"""


def test_a_workspace_in_a_plain_script(place: Place) -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], cwd=place.folder, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-3:] == ["applied 1 1", "['m3']", "1"]
    assert "Merchant m3 switched off payments" in ran.stdout


def test_a_workspace_from_a_folder_inside_it(place: Place) -> None:
    with winback.open_workspace(place.reports, output=io.StringIO()) as workspace:
        assert workspace.settings.folder == place.folder


def test_a_second_workspace_in_one_process(place: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other", NEVER_LOST)
    other.write("2024-03-01", accounts(3))
    first = winback.open_workspace(place.folder, output=io.StringIO())
    for folder in (place.folder, other.folder):
        with pytest.raises(winback.WinbackError) as error:
            winback.open_workspace(folder)
        assert str(error.value) == (
            f"this process has the workspace {place.folder} open: close it before opening another"
        )
    first.pull()
    first.close()
    with winback.open_workspace(other.folder, output=io.StringIO()) as second:
        second.pull()
        assert second.table("history").num_rows == 3
    with winback.open_workspace(place.folder) as third:
        assert third.table("history").num_rows == 30


@pytest.mark.only_on("sqlite")
def test_a_workspace_that_can_not_be_opened_leaves_the_way_free(place: Place, tmp_path: Path) -> None:
    broken = Place(tmp_path / "broken")
    for damage in (broken.database.unlink, lambda: broken.database.write_bytes(b"no database at all" * 100)):
        damage()
        with pytest.raises(winback.WinbackError):
            winback.open_workspace(broken.folder)
        with winback.open_workspace(place.folder):
            pass


def test_moments_in_every_form(place: Place) -> None:
    at = dt.datetime(2024, 3, 2, tzinfo=dt.UTC)
    with winback.open_workspace(place.folder, output=io.StringIO()) as workspace:
        workspace.pull(report=place.reports / "payments_2024-03-01.csv", at=dt.date(2024, 3, 1))
        workspace.pull(at="2024-03-02T01:00+01:00")
        for moment in (at, at.replace(tzinfo=None), at.date(), "2024-03-02", "20240302T000000Z"):
            assert workspace.table("at_risk", at=moment)["uid"].to_pylist() == ["m3"]
        assert workspace.flows("2024-03-02", dt.date(2024, 3, 3))["churns"]["accounts"] == 1
        with pytest.raises(winback.WinbackError, match="expected a date or moment"):
            workspace.table("at_risk", at="soon")


@pytest.mark.rule("R3.12", "R3.13")
def test_decisions(place: Place) -> None:
    with winback.open_workspace(place.folder, output=io.StringIO()) as workspace:
        workspace.pull()
        place.write("2024-03-03", accounts(30, set(range(30))))
        held = workspace.pull()
        assert (held.status, held.pull_id) == ("held", 2)
        assert workspace.approve(2, "checked", by="Lee").status == "applied"
        assert workspace.undo(2, "wrong file").status == "undone"
        decided = {row["pull_id"]: row["decided_by"] for row in workspace.table("pulls").to_pylist()}
        assert decided[1] is None


def test_types_of_a_table(place: Place) -> None:
    with winback.open_workspace(place.folder, output=io.StringIO()) as workspace:
        workspace.pull()
        frame = workspace.table("history").to_pandas()
        assert frame["gmv"].iloc[0] == Decimal("1200.50")
        assert str(frame["last_seen_at"].dtype) == "datetime64[us, UTC]"
        assert pl.from_arrow(workspace.table("claims")).shape[0] == 0
        with pytest.raises(winback.WinbackError, match='there is no table "nothing"'):
            workspace.table("nothing")


def test_the_package_names_what_is_public() -> None:
    assert set(winback.__all__) <= set(dir(winback)) | set(winback._HOMES)
    for name in winback.__all__:
        assert getattr(winback, name).__doc__
    with pytest.raises(AttributeError, match="nothing"):
        _ = winback.nothing
