"""Cells that have a type, in Parquet, NDJSON and tables in memory."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.report.reports import ndjson, read_table, read_text

FLAG = "is_product_enabled"


def table(**columns: Any) -> pa.Table:
    rows = len(next(iter(columns.values())))
    return pa.table({FLAG: ["1"] * rows, **columns})


@pytest.mark.rule("R1.1")
@pytest.mark.parametrize(
    ("cells", "uids"),
    [
        (pa.array(["007", "7.0", " 7 "], pa.string()), ["007", "7", "7.0"]),
        (pa.array([7, 70, 700], pa.int64()), ["7", "70", "700"]),
        (pa.array([7, 70, 700], pa.int16()), ["7", "70", "700"]),
        (pa.array([7.0, 70.0, 1e15], pa.float64()), ["1000000000000000", "7", "70"]),
        (pa.array([7.5, 70.25], pa.float64()), ["7.5", "70.25"]),
        (pa.array([7.0], pa.float32()), ["7"]),
        (pa.array([Decimal("7.00"), Decimal("7.50")], pa.decimal128(10, 2)), ["7", "7.50"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([b"a"], pa.binary()), ["a"]),
    ],
    ids=str,
)
def test_uids_of_parquet(tmp_path: Path, cells: pa.Array, uids: list[str]) -> None:
    assert read_table(tmp_path, table(uid=cells)).column("uid") == uids


@pytest.mark.rule("R1.1")
@pytest.mark.parametrize("number", [1e16, 1e18, 12345678901234567890.0, 2.0**60])
def test_a_great_whole_number_is_written_out(tmp_path: Path, number: float) -> None:
    """As every other program writes it: no exponent, which would be another account's name."""
    assert read_table(tmp_path, table(uid=[number])).column("uid") == [str(int(number))]


@pytest.mark.rule("R1.1")
@pytest.mark.parametrize(
    ("uid", "read"), [('"007"', "007"), ("7", "7"), ("7.0", "7"), ("7.5", "7.5"), ('"7.0"', "7.0"), ("true", "true")]
)
def test_uids_of_ndjson(tmp_path: Path, uid: str, read: str) -> None:
    text = f'{{"uid": {uid}, "{FLAG}": true}}\n'
    assert read_text(tmp_path, text, "r.ndjson").column("uid") == [read]


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(
    "cells",
    [
        pa.array([True, False]),
        pa.array([1, 0], pa.int8()),
        pa.array([1.0, 0.0]),
        pa.array(["Yes", "oFF"]),
        pa.array([Decimal("1.0"), Decimal("0.0")]),
    ],
    ids=str,
)
def test_flags_of_parquet(tmp_path: Path, cells: pa.Array) -> None:
    found = read_table(tmp_path, pa.table({"uid": ["a", "b"], FLAG: cells}))
    assert found.column(FLAG) == [True, False]


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize(
    ("flag", "read"), [("true", True), ("false", False), ("1", True), ("0.0", False), ('"on"', True), ('" No "', False)]
)
def test_flags_of_ndjson(tmp_path: Path, flag: str, read: bool) -> None:
    text = f'{{"uid": "a", "{FLAG}": {flag}}}\n'
    assert read_text(tmp_path, text, "r.ndjson").column(FLAG) == [read]


@pytest.mark.rule("R3.1")
@pytest.mark.parametrize("flag", ["null", "2", "[]", "{}", '"maybe"'])
def test_unreadable_flags_of_ndjson(tmp_path: Path, flag: str) -> None:
    found = read_text(tmp_path, f'{{"uid": "a", "{FLAG}": {flag}}}\n', "r.ndjson")
    assert [row["reason"] for row in found.rejected] == ["unknown flag"]


@pytest.mark.rule("R3.5")
@pytest.mark.parametrize("decimal", [".", ","])
def test_typed_money_has_its_own_decimal_sign(tmp_path: Path, decimal: str) -> None:
    money = pa.array([Decimal("1234.50"), Decimal("-0.05")])
    found = read_table(tmp_path, table(uid=["a", "b"], gmv=money, revenue=[1234.5, -0.05]), decimal=decimal)
    assert found.column("gmv") == found.column("revenue") == [Decimal("1234.5"), Decimal("-0.05")]
    rows = [{"uid": "a", FLAG: 1, "gmv": 1234.5, "revenue": "12,5" if decimal == "," else "12.5"}]
    found = read_text(tmp_path, ndjson(rows), "r.ndjson", decimal=decimal)
    assert (found.column("gmv"), found.column("revenue")) == ([Decimal("1234.5")], [Decimal("12.5")])


@pytest.mark.rule("R3.5")
def test_great_and_small_numbers_of_a_binary_type(tmp_path: Path) -> None:
    """12,000,000 dollars are an ordinary GMV; what the engine writes with an exponent is money all the same."""
    amounts = [12_000_000.0, 1e10, 123456789012.25, 1e-5, 0.1 + 0.2]
    found = read_table(tmp_path, table(uid=list("abcde"), gmv=amounts))
    assert found.column("gmv") == [
        Decimal("12000000"),
        Decimal("10000000000"),
        Decimal("123456789012.25"),
        Decimal("0"),
        Decimal("0.3"),
    ]
    assert found.checked.unreadable_amounts == 0


@pytest.mark.rule("R3.5")
@pytest.mark.parametrize("number", ["inf", "-inf"])
def test_no_number_is_no_money(tmp_path: Path, number: str) -> None:
    found = read_table(tmp_path, table(uid=["a"], gmv=[float(number)]))
    assert (found.column("gmv"), found.checked.unreadable_amounts) == ([None], 1)


NAN, INFINITY = float("nan"), float("inf")
BINARY = pytest.mark.parametrize("kind", [pa.float32(), pa.float64()], ids=str)


@pytest.mark.rule("R3.2")
@BINARY
@pytest.mark.parametrize("others", [[], [1.0], [1.0, 2.5], [INFINITY, -INFINITY]])
def test_nan_is_no_uid(tmp_path: Path, kind: pa.DataType, others: list[float]) -> None:
    found = read_table(tmp_path, table(uid=pa.array([*others, NAN, -NAN], kind)))
    assert [(row["uid"], row["reason"]) for row in found.rejected] == [(None, "missing uid")] * 2
    assert found.column("uid") == sorted(str(each).removesuffix(".0") for each in others)


@pytest.mark.rule("R3.1", "R3.5")
@BINARY
def test_nan_is_a_blank_cell_in_any_column(tmp_path: Path, kind: pa.DataType) -> None:
    cells = pa.array([1.0, NAN], kind)
    ours = dict.fromkeys(("gmv", "revenue", "region", "changed_at"), cells)
    found = read_table(tmp_path, table(uid=["a", "b"], note=cells, **ours))
    assert found.column("gmv") == found.column("revenue") == [Decimal(1), None]
    assert (found.column("region"), found.column("changed_at")) == (["1.0", None], [None, None])
    assert [row["note"] for row in found.others] == ["1.0", None]
    assert found.checked.unreadable_amounts == 0
    found = read_table(tmp_path, pa.table({"uid": ["a", "b"], FLAG: cells}))
    assert [(row["uid"], row["reason"]) for row in found.rejected] == [("b", "unknown flag")]


@pytest.mark.rule("R3.2")
@BINARY
def test_a_row_of_nan_is_no_row(tmp_path: Path, kind: pa.DataType) -> None:
    cells = pa.array([1.0, NAN], kind)
    found = read_table(tmp_path, pa.table({"uid": cells, FLAG: cells, "gmv": cells}))
    assert (found.column("uid"), found.rejected) == (["1"], [])


@BINARY
def test_a_condition_sees_nan_as_blank(tmp_path: Path, kind: pa.DataType) -> None:
    found = read_table(tmp_path, table(uid=["a", "b"], gmv=pa.array([1.0, NAN], kind)), filter="gmv is null")
    assert found.column("uid") == ["b"]


@pytest.mark.rule("R2.6")
def test_moments_of_parquet(tmp_path: Path) -> None:
    at = dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC)
    micros = 1793696400000000
    for cells in (
        pa.array([at], pa.timestamp("us", "UTC")),
        pa.array([at.replace(hour=10, tzinfo=None)], pa.timestamp("ms")),
        pa.array([at.replace(hour=10, tzinfo=None)], pa.timestamp("ns")),
        pa.array([at], pa.timestamp("s", "America/New_York")),
        pa.array(["2026-11-03T09:00:00Z"]),
    ):
        found = read_table(tmp_path, table(uid=["a"], changed_at=cells))
        assert found.column("changed_at") == [micros], cells.type
    found = read_table(tmp_path, table(uid=["a"], changed_at=pa.array([at.date()], pa.date32())))
    assert found.column("changed_at") == [micros - 10 * 3_600_000_000]


def test_other_columns_of_any_type_are_kept_as_text(tmp_path: Path) -> None:
    cells = {
        "int": pa.array([5]),
        "float": pa.array([0.1]),
        "bool": pa.array([True]),
        "date": pa.array([dt.date(2026, 11, 3)]),
        "list": pa.array([["x", "y"]]),
        "struct": pa.array([{"k": 1}]),
        "null": pa.nulls(1),
        "text": pa.array(["007"], pa.large_string()),
    }
    (others,) = read_table(tmp_path, table(uid=["a"], **cells)).others
    assert (others["int"], others["float"], others["bool"], others["date"]) == ("5", "0.1", "true", "2026-11-03")
    assert (others["null"], others["text"]) == (None, "007")
    assert "x" in others["list"]
    rows = [{"uid": "a", FLAG: 1, "n": 5, "nested": {"k": [1]}, "none": None, "text": "007", "yes": True}]
    (others,) = read_text(tmp_path, ndjson(rows), "r.ndjson").others
    assert others == {"n": "5", "nested": '{"k":[1]}', "none": None, "text": "007", "yes": "true"}


def test_lines_of_ndjson_may_have_other_keys(tmp_path: Path) -> None:
    rows = [{"uid": "a", FLAG: 1, "Plan": "x"}, {FLAG: 0, "uid": "b", "Seats": 2}]
    assert read_text(tmp_path, ndjson(rows), "r.ndjson").others == [
        {"Plan": "x", "Seats": None},
        {"Plan": None, "Seats": "2"},
    ]
