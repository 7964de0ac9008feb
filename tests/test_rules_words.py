"""rules.md §1: UIDs, accounts with any number of cases, moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.backing import Backing
from tests.programme import Programme, day, rows
from winback.errors import UsageError

# Named by code, since none of them can be told apart on a screen.
WHITE_SPACE = [
    *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
]  # fmt: skip
NO_WIDTH = [0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]


@pytest.mark.rule("R1.1")
def test_a_uid_is_text_so_007_and_7_differ_and_case_counts(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "007+ 7+ A+ a+ 7.0+ 1e3+ 1000+ true+")
    programme.pull(2, "007- 7+ A- a+ 7.0+ 1e3+ 1000+ true+")
    assert programme.uids("history") == ["007", "1000", "1e3", "7", "7.0", "A", "a", "true"]
    assert programme.uids("churns") == ["007", "A"]


@pytest.fixture(scope="module")
def trimmed(stands_on: Backing, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The UIDs read from a report in which each kind of white space stands around one."""
    programme = Programme(tmp_path_factory.mktemp("blanks"))
    padded = [f"{chr(code)}{code:04X}{chr(code)} {chr(code)}" for code in WHITE_SPACE + NO_WIDTH]
    programme.pull(1, [{"uid": uid, "is_product_enabled": "true"} for uid in padded])
    return programme.uids("history")


@pytest.mark.rule("R1.1")
@pytest.mark.parametrize("code", WHITE_SPACE + NO_WIDTH, ids=lambda code: f"U+{code:04X}")
def test_white_space_around_a_uid_is_dropped(trimmed: list[str], code: int) -> None:
    assert f"{code:04X}" in trimmed


@pytest.mark.rule("R1.1")
def test_an_account_is_the_same_with_white_space_around_its_uid(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.pull(1, "a+ b+")
    programme.pull(2, [{"uid": "\u200ba\u00a0", "is_product_enabled": "false"}, *rows("b+")])
    assert programme.uids("churns") == ["a"]


@pytest.mark.rule("R1.1")
def test_white_space_within_a_uid_counts(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    uids = ["m 2", "m2", "m\u00a02", "m\u200b2"]
    programme.pull(1, [{"uid": uid, "is_product_enabled": "yes"} for uid in uids])
    assert programme.uids("history") == sorted(uids)


@pytest.mark.rule("R1.1")
@pytest.mark.parametrize(
    ("cells", "uids"),
    [
        (pa.array([7.0, 70.0, 7.5]), ["7", "7.5", "70"]),
        (pa.array([7.0, 1234567.0], pa.float32()), ["1234567", "7"]),
        (pa.array([7, 10]), ["10", "7"]),
        (pa.array([Decimal("7.00"), Decimal("10.50")]), ["10.50", "7"]),
        (pa.array(["7.0", "7", "007"]), ["007", "7", "7.0"]),
        (pa.array([9007199254740991.0, 100000.0]), ["100000", "9007199254740991"]),
    ],
    ids=["double", "float", "whole", "decimal", "text", "large"],
)
def test_a_whole_number_in_a_typed_cell_is_that_number(tmp_path: Path, cells: Any, uids: list[str]) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"uid": cells, "is_product_enabled": [True] * len(cells)}), path)
    programme = Programme(tmp_path)
    programme.pull(1, path)
    assert programme.uids("history") == uids


@pytest.mark.rule("R1.1")
def test_a_whole_number_in_json_is_that_number_and_a_text_is_that_text(tmp_path: Path) -> None:
    path = tmp_path / "typed.ndjson"
    uids = ["7.0", "8", '"9.0"', '"009"', "2.5"]
    path.write_text("".join(f'{{"uid": {uid}, "is_product_enabled": true}}\n' for uid in uids))
    programme = Programme(tmp_path)
    programme.pull(1, path)
    assert programme.uids("history") == ["009", "2.5", "7", "8", "9.0"]


@pytest.mark.rule("R1.2")
@pytest.mark.many_pulls
def test_an_account_stays_in_the_history_for_ever(tmp_path: Path) -> None:
    programme = Programme(tmp_path, workspace="keep = 2")
    programme.pull(1, rows("a+ b+ c-", a={"merchant_name": "Alder"}))
    for number in range(2, 8):
        programme.pull(number, f"b+ new{number}+")
    assert programme.uids("history") == ["a", "b", "c", *(f"new{number}" for number in range(2, 8))]
    assert programme.row("history", "a")["merchant_name"] == "Alder"
    assert programme.row("history", "a")["last_seen_at"] == day(1)


@pytest.mark.rule("R1.2")
@pytest.mark.parametrize(("product", "on", "off"), [("", "a+ b+", "a- b+"), ('mode = "presence"', "b", "a b")])
@pytest.mark.many_pulls
def test_an_account_has_any_number_of_cases_one_after_the_other(
    tmp_path: Path, product: str, on: str, off: str
) -> None:
    programme = Programme(tmp_path, product=product)
    programme.pull(1, on)
    for number in range(2, 9):
        programme.pull(number, on if number % 2 else off)
    cases = [row for row in programme.table("cases") if row["uid"] == "a"]
    assert [row["churned_at"] for row in cases] == [day(2), day(4), day(6), day(8)]
    assert [row["readopted_at"] for row in cases] == [day(3), day(5), day(7), None]


@pytest.mark.rule("R1.2")
@pytest.mark.many_pulls
def test_an_account_that_is_still_off_opens_no_second_case(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product='vanished = "churn"')
    programme.pull(1, "a+ b+")
    for number, report in enumerate(["a- b+", "a- b+", "b+", "a- b+", "a? b+", "a- b+"], start=2):
        programme.pull(number, report)
    assert programme.uids("cases") == ["a"]


@pytest.mark.rule("R1.3")
def test_a_moment_without_a_time_zone_is_in_that_of_the_workspace(tmp_path: Path) -> None:
    programme = Programme(tmp_path, workspace='timezone = "Europe/Madrid"')
    with programme.open(3) as workspace:
        for at in ("2026-11-02T09:00", datetime(2026, 11, 2, 10)):  # noqa: DTZ001
            workspace.pull(report=programme.file("a+"), at=at)
        assert [row["at"] for row in workspace.table("pulls").to_pylist()] == [
            datetime(2026, 11, 2, 9, tzinfo=UTC),
            datetime(2026, 11, 2, 8, tzinfo=UTC),
        ]
        assert workspace.table("pulls", at="2026-11-02T09:59").num_rows == 1
        assert workspace.table("pulls", at="2026-11-02T09:00Z").num_rows == 2


@pytest.mark.rule("R1.3")
@pytest.mark.parametrize(
    ("product", "at"),
    [
        ("", datetime(2026, 11, 1, 23, tzinfo=UTC)),
        ('at_time = "07:30"', datetime(2026, 11, 2, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_bare_date_is_that_day_at_the_time_of_the_product(tmp_path: Path, product: str, at: datetime) -> None:
    programme = Programme(tmp_path, product=product, workspace='timezone = "Europe/Madrid"')
    with programme.open(3) as workspace:
        assert workspace.pull(report=programme.file("a+"), at="2026-11-02").at == at
        assert workspace.table("pulls", at="2026-11-02").num_rows == 1
        assert datetime.fromisoformat(workspace.kpis(at="2026-11-02")["at"]) == at
        assert datetime.fromisoformat(workspace.flows("2026-11-01", "2026-11-02")["to"]) == at


@pytest.mark.rule("R1.3")
def test_the_date_of_a_file_name_is_that_day_at_the_time_of_the_product(tmp_path: Path) -> None:
    product = f"at_time = '07:30'\n[products.usage]\nreport = '{tmp_path}/usage_{{date}}.csv'\nat_time = '08:00'"
    programme = Programme(tmp_path, product=product)
    programme.file("a+", "usage_2026-11-02.csv")
    programme.file("a+", "usage_20261103T0915.csv")
    with programme.open(5) as workspace:
        assert workspace.pull("usage").at == datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
        (tmp_path / "usage_20261103T0915.csv").unlink()
        (tmp_path / "usage_2026-11-02.csv").rename(tmp_path / "usage_20261104.csv")
        assert workspace.pull("usage").at == datetime(2026, 11, 4, 8, tzinfo=UTC)
        assert workspace.kpis(at="2026-11-04", product="usage")["at"] == "2026-11-04T08:00:00Z"
        assert workspace.kpis(at="2026-11-04", product="payments")["at"] == "2026-11-04T07:30:00Z"
        assert workspace.kpis(at="2026-11-04")["at"] == "2026-11-04T00:00:00Z"


@pytest.mark.rule("R1.3")
def test_what_is_no_moment_is_refused(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    with programme.open(1) as workspace, pytest.raises(UsageError, match="expected a date or moment such as"):
        workspace.pull(report=programme.file("a+"), at="yesterday")


@pytest.mark.rule("R1.3")
def test_a_pull_without_a_moment_is_of_now(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    with programme.open(day(1) + timedelta(hours=3)) as workspace:
        assert workspace.pull(report=programme.file("a+")).at == day(1) + timedelta(hours=3)
