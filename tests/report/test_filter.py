"""`filter`: a condition on the report's own columns, in every form; it reaches nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.report.reports import ndjson, read, written
from tests.workspaces import Place, csv_text
from winback.discovery.mode import Mode
from winback.discovery.profile import Column
from winback.errors import SettingsError

ROWS: list[dict[str, Any]] = [
    {"uid": "a", "is_product_enabled": True, "Product": "payments", "Seats": 12, "json": "x", "c0": "1"},
    {"uid": "b", "is_product_enabled": False, "Product": "loans", "Seats": 3, "json": "y", "c0": "2"},
    {"uid": "c", "is_product_enabled": True, "Product": "payments", "Seats": None, "json": "it's", "c0": "3"},
]


def report(folder: Path, form: str) -> Path:
    if form == "parquet":
        path = folder / "r.parquet"
        pq.write_table(pa.Table.from_pylist(ROWS), path)
        return path
    cells = [["" if cell is None else cell for cell in row.values()] for row in ROWS]
    texts = {"csv": csv_text(cells, list(ROWS[0])), "ndjson": ndjson(ROWS), "json": json.dumps(ROWS)}
    return written(folder, texts[form], f"r.{form}")


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "parquet"])
@pytest.mark.parametrize(
    ("condition", "uids"),
    [
        ("Product = 'payments'", ["a", "c"]),
        ("product = 'loans' or \"SEATS\" = '12'", ["a", "b"]),
        ("try_cast(Seats as integer) > 5", ["a"]),
        ("Seats is null or Seats = ''", ["c"]),
        ("json = 'it''s' -- a remark", ["c"]),
        ("c0 in ('1', '2') and uid <> 'b'", ["a"]),
        ("lower(Product) like 'pay%' and not is_product_enabled = 'false'", ["a", "c"]),
        ("regexp_matches(Product, '^l')", ["b"]),
    ],
)
def test_rows_that_fit_are_read(tmp_path: Path, form: str, condition: str, uids: list[str]) -> None:
    assert read(report(tmp_path, form), filter=condition).column("uid") == uids


HOSTILE = [
    "exists (select 1 from read_text('{other}'))",
    "Product in (select content from read_text('{other}'))",
    "(select count(*) from read_csv('{other}')) > 0",
    "(from duckdb_settings() select count(*)) > 0",
    "(table raw) is not null",
    "true) union all select * from read_text('{other}') where (true",
    "true); copy (select 1) to '{other}'; select 1 where (true",
    "true) group by all having (true",
    "true) limit (1",
    "true; attach '{other}'",
    "(with x as (select 1) select * from x) = 1",
    "case when true then (select 1) else 2 end = 1",
    "len(list_transform([1], lambda x: (select 1))) = 1",
]


@pytest.mark.parametrize("condition", HOSTILE)
def test_a_condition_reaches_nothing_but_the_row(tmp_path: Path, condition: str) -> None:
    other = written(tmp_path, "secret\n", "other.txt")
    with pytest.raises(SettingsError) as error:
        read(report(tmp_path, "csv"), filter=condition.replace("{other}", str(other)))
    assert str(error.value).startswith("products.payments.filter: ")
    assert str(error.value).endswith("; the report has: uid, is_product_enabled, Product, Seats, json, c0")
    assert "\n" not in str(error.value)
    assert other.read_text(encoding="utf-8") == "secret\n"


@pytest.mark.parametrize(
    "condition",
    ["Producct = 'x'", "no_function(Product)", "Product =", "select", "Product 1", "Seats > 5"],
)
def test_a_wrong_condition_names_the_columns(tmp_path: Path, condition: str) -> None:
    with pytest.raises(SettingsError, match=r"^products\.payments\.filter: [^\n]+; the report has: uid, is_product_en"):
        read(report(tmp_path, "csv"), filter=condition)


def test_one_report_feeds_two_products(tmp_path: Path) -> None:
    place = Place(tmp_path)
    text = csv_text([(row["uid"], row["is_product_enabled"], row["Product"]) for row in ROWS], ("uid", "on", "Product"))
    place.write_text("2024-03-01", text)
    product = 'filter = "Product = \'{0}\'"\n[products.{0}.columns]\nis_product_enabled = "on"\n'
    loans = '[products.loans]\nreport = "reports/payments_{date}.csv"\n'
    place.set(product.format("payments") + loans + product.format("loans"))
    place.done("doctor")
    place.done("pull")
    assert [(row["product"], row["uid"]) for row in place.show("history")] == [
        ("loans", "b"),
        ("payments", "a"),
        ("payments", "c"),
    ]


def test_a_wrong_condition_through_the_command(tmp_path: Path) -> None:
    place = Place(tmp_path, "filter = \"Plan = 'x'\"\n[products.payments.columns]\n")
    place.write_text("2024-03-01", "uid,is_product_enabled\na,1\n")
    ran = place.run("pull")
    assert ran.status == 2
    assert ran.line.startswith("products.payments.filter: ")


def test_a_cell_that_can_not_be_compared_is_named(tmp_path: Path) -> None:
    place = Place(tmp_path, 'filter = "cast(Seats as integer) > 5"\n[products.payments.columns]\n')
    place.write_text("2024-03-01", "uid,is_product_enabled,Seats\na,1,many\n")
    ran = place.run("pull")
    assert ran.status == 1
    assert ran.line.endswith("(in products.payments.filter? cells are text: try_cast is safe)")


@pytest.mark.parametrize("cell", ["", " "])
def test_the_condition_that_init_suggests_keeps_blank_cells(tmp_path: Path, cell: str) -> None:
    """An account whose flag is blank has not come back."""
    telling = Column(1, "Aktiv", rows=3, filled=3, different=2)
    condition = Mode("flag", telling=telling, on_values=("ja",)).filter
    path = written(tmp_path, f"uid,Aktiv\na,ja\nb,nein\nc,{cell}\n")
    assert read(path, mode="presence", filter=condition).column("uid") == ["b", "c"]
