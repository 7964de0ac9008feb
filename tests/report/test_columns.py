"""Columns of a report: how ours are found, what becomes of the others, and that a name is only ever a name."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from tests.report.reports import ndjson, product, read_table, read_text
from tests.workspaces import Place, Ran, Row, csv_text
from winback.errors import ReportRefused
from winback.report.mapping import map_columns

HOSTILE = [
    "it's",
    '"quoted"',
    "a\"b'c",
    "; drop table t2; --",
    "x) from raw; --",
    "$gmv",
    "{placeholder}",
    "{{fragment}}",
    "%(at)s",
    "100%",
    "a.b",
    "a.b.c",
    "a/b",
    "~0/~1",
    "/",
    "~",
    "*",
    "[0]",
    "$.x",
    "select",
    "c0",
    "reason",
    "nth",
    "json",
    "key",
    "whole_row",
    "other_columns",
    "=cmd|' /C calc'!A0",
    "<!channel>",
    "[red]bold[/red]",
    "näme 名",
    "\ttab",
    "back\\slash",
]


@pytest.mark.parametrize("name", ["UID", "uid", " Uid ", "\u00a0UID\u200b", "uiD\t"])
def test_names_match_in_any_case_and_with_blanks_around(tmp_path: Path, name: str) -> None:
    for ending, text in {
        "csv": f'"{name}",IS_PRODUCT_ENABLED\na,1\n',
        "ndjson": ndjson([{name: "a", "Is_Product_Enabled": 1}]),
    }.items():
        assert read_text(tmp_path, text, f"report.{ending}", columns={"uid": "  uId"}).column("uid") == ["a"]


def test_a_list_of_names_takes_the_first_that_is_there(tmp_path: Path) -> None:
    columns = {"uid": ("Account ID", "ID", "UID"), "region": ("Land", "Region")}
    found = read_text(tmp_path, "uid,is_product_enabled,REGION,id\nb,1,EMEA,a\n", columns=columns)
    assert found.column("uid") == ["a"]
    assert found.column("region") == ["EMEA"]
    assert found.others == [{"uid_in_report": "b"}]


def test_what_is_not_named_is_looked_for_under_our_name(tmp_path: Path) -> None:
    found = read_text(tmp_path, "uid,is_product_enabled,Merchant_Name,CSM_email\na,1,A,d@s.example\n")
    assert found.column("merchant_name") == ["A"]
    assert found.column("csm_email") == ["d@s.example"]
    assert found.column("csm_name") == [None]


def test_a_column_may_serve_twice(tmp_path: Path) -> None:
    columns = {"merchant_name": "uid", "csm_name": "Owner", "csm_email": "Owner"}
    found = read_text(tmp_path, "uid,is_product_enabled,Owner\na,1,d@s.example\n", columns=columns)
    assert (found.column("merchant_name"), found.column("csm_email")) == (["a"], ["d@s.example"])


@pytest.mark.parametrize("header", ["uid,UID,is_product_enabled", "uid,is_product_enabled, Is_Product_Enabled "])
def test_two_columns_for_one_of_ours_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(ReportRefused, match=r"^the report has several columns '[a-z_]+': rename all but one$"):
        read_text(tmp_path, f"{header}\na,1,1\n")


@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet"])
def test_the_names_of_other_columns_are_only_names(tmp_path: Path, ending: str) -> None:
    row = {"uid": "a", "is_product_enabled": "1", **{name: f"cell {name}" for name in HOSTILE}}
    if ending == "parquet":
        found = read_table(tmp_path, pa.Table.from_pylist([row]))
    else:
        text = csv_text([list(row.values())], list(row)) if ending == "csv" else ndjson([row])
        found = read_text(tmp_path, text, f"report.{ending}")
    (others,) = found.others
    assert {name: others[name.strip()] for name in HOSTILE} == {name: f"cell {name}" for name in HOSTILE}


def test_a_column_without_a_name_gets_one(tmp_path: Path) -> None:
    (others,) = read_text(tmp_path, "uid,is_product_enabled,, \na,1,x,y\n").others
    assert others == {"column_3": "x", "column_4": "y"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mapped_column_may_have_any_name(tmp_path: Path, name: str) -> None:
    found = read_table(
        tmp_path, pa.table({name: ["a", "b"], "on": ["1", "0"]}), columns={"uid": name, "is_product_enabled": "ON"}
    )
    assert found.column("uid") == ["a", "b"]


def test_other_columns_get_names_of_their_own() -> None:
    header = [
        "uid",
        "is_product_enabled",
        "Plan",
        "plan",
        "PLAN ",
        "",
        " ",
        "product",
        "Last_Seen_At",
        "product_in_report",
    ]
    assert map_columns(header, product()).others == {
        "Plan": 2,
        "plan_2": 3,
        "PLAN_3": 4,
        "column_6": 5,
        "column_7": 6,
        "product_in_report": 7,
        "Last_Seen_At_in_report": 8,
        "product_in_report_2": 9,
    }


def test_presence_mode_ignores_a_flag_column(tmp_path: Path) -> None:
    found = read_text(tmp_path, "uid,is_product_enabled\na,perhaps\n", mode="presence")
    assert found.column("is_product_enabled") == [False]
    assert found.others == [{}]


def pull(place: Place, on: str, header: Row, *rows: Row) -> Ran:
    place.write_text(on, csv_text(rows, ("UID", "Enabled", *header)))
    return place.done("pull")


SHORT = '[products.payments.columns]\nuid = "UID"\nis_product_enabled = "Enabled"\n'


def test_other_columns_come_go_and_move_between_days(tmp_path: Path) -> None:
    place = Place(tmp_path, SHORT)
    pull(place, "2024-03-01", ("Plan", "Seats"), ("a", 1, "Gold", 5), ("gone", 1, "Tin", 1))
    pull(place, "2024-03-02", ("Seats", "Städte", "Plan"), ("a", 1, 6, "Köln", "Gold+"))
    rows = {row["uid"]: row for row in place.show("history")}
    assert list(rows["a"])[11:] == ["Seats", "Städte", "Plan"]
    assert [rows["a"][name] for name in ("Seats", "Städte", "Plan")] == ["6", "Köln", "Gold+"]
    assert [rows["gone"][name] for name in ("Seats", "Städte", "Plan")] == ["1", None, "Tin"]
    pull(place, "2024-03-03", (), ("a", 1))
    assert [row["Plan"] for row in place.show("history")] == [None, "Tin"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_names_that_differ_by_case_only_are_told_apart(tmp_path: Path, form: str) -> None:
    place = Place(tmp_path, SHORT)
    pull(place, "2024-03-01", ("Plan", "plan"), ("a", 1, "x", "y"), ("b", 1, "x", "y"))
    pull(place, "2024-03-02", ("PLAN", "Region", "history"), ("a", 1, "z", "EMEA", "long"))
    assert place.done("show", "history", "--format", form).out
    rows = place.show("history")
    assert [row["region"] for row in rows] == ["EMEA", None]
    assert [row["history"] for row in rows] == ["long", None]
    assert sorted(str(cell) for name, cell in rows[1].items() if name.casefold().startswith("plan")) == [
        "None",
        "x",
        "y",
    ]


def test_hostile_names_through_pull_and_every_format(tmp_path: Path) -> None:
    place = Place(tmp_path, f'{SHORT}[messages]\nshow = ["it\'s", "$.x"]\n')
    for on, flag in (("2024-03-01", 1), ("2024-03-02", 0)):
        pull(place, on, HOSTILE, ("a", flag, *(f"cell {name}" for name in HOSTILE)))
    assert "it's:" in place.done("show", "notifications").out or place.show("notifications")
    (row,) = place.show("history")
    assert {row[name.strip()] for name in HOSTILE} == {f"cell {name}" for name in HOSTILE}
    assert place.done("show", "report", "--pull", "1").out
    for form in ("csv", "parquet", "json"):
        place.done("show", "history", "-o", str(tmp_path / f"out.{form}"))
    header = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "'=cmd|' /C calc'!A0" in header
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == [row]
