"""Examples of rules.md R1.1, R1.3, R3.1-R3.5 worked out by hand: they check what checks the product."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from .build import rows
from .reading import clean_text, read_flag, read_moment, read_money, read_report
from .settings import Settings

MADRID = ZoneInfo("Europe/Madrid")
FLAG = Settings()
PRESENCE = Settings(mode="presence")


@pytest.mark.parametrize(
    ("raw", "uid"),
    [("\ufeff\u00a0007\u200b", "007"), (" 7 ", "7"), ("7.0", "7.0"), ("a b", "a b"), ("\u2060", None)],
)
def test_r1_1_a_uid_is_text_without_white_space_around(raw: str, uid: str | None) -> None:
    assert clean_text(raw) == uid


def test_r1_1_spellings_of_a_uid_are_one_account_but_case_and_zeros_count() -> None:
    report = read_report(rows("a+ A+ 007+ 7+") + rows("\u200ba+"), FLAG)
    assert sorted(report.accepted) == ["007", "7", "A", "a"]


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2025-03-30", datetime(2025, 3, 30, 6, tzinfo=UTC)),
        ("20250329", datetime(2025, 3, 29, 7, tzinfo=UTC)),
        ("2025-03-30 09:00", datetime(2025, 3, 30, 7, tzinfo=UTC)),
        ("2025-03-29T09:00", datetime(2025, 3, 29, 8, tzinfo=UTC)),
        ("2025-03-29T0900", datetime(2025, 3, 29, 8, tzinfo=UTC)),
        ("2025-03-29T09:00:00+05:30", datetime(2025, 3, 29, 3, 30, tzinfo=UTC)),
        ("20250329T090000Z", datetime(2025, 3, 29, 9, tzinfo=UTC)),
        ("2025-W13-6", None),
        ("0001-01-01T00:00+14:00", None),
        ("soon", None),
        (" ", None),
    ],
)
def test_r1_3_moments(raw: str, moment: datetime | None) -> None:
    assert read_moment(raw, MADRID, time(8)) == moment


@pytest.mark.parametrize("raw", ["true", " T ", "YES", "y", "1", "1.0", "On", "\u00a0enabled"])
def test_r3_1_true(raw: str) -> None:
    assert read_flag(raw) is True


@pytest.mark.parametrize("raw", ["false", "F", "no", "n", "0", "0.0", "OFF", "disabled\u200b"])
def test_r3_1_false(raw: str) -> None:
    assert read_flag(raw) is False


@pytest.mark.parametrize("raw", ["", None, " ", "2", "01", "ye s", "x"])
def test_r3_1_unknown(raw: str | None) -> None:
    report = read_report([{"uid": "a", "is_product_enabled": raw}], FLAG)
    assert [row.reason for row in report.rejected] == ["unknown flag"]


def test_r3_2_a_row_without_uid_is_rejected_and_one_without_anything_is_none() -> None:
    report = read_report([*rows("\u200b+ a+"), {"uid": " ", "is_product_enabled": ""}], FLAG)
    assert (report.rows, list(report.accepted)) == (2, ["a"])
    assert [(row.line, row.reason, row.uid) for row in report.rejected] == [(2, "missing uid", None)]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("a+ a+", []),
        ("a+ a-", ["conflicting duplicate"] * 2),
        ("a+ a+ a?", ["conflicting duplicate"] * 3),
        ("a? a?", ["unknown flag"] * 2),
    ],
)
def test_r3_3_duplicates(text: str, reasons: list[str]) -> None:
    assert [row.reason for row in read_report(rows(text), FLAG).rejected] == reasons


def test_r3_3_duplicates_are_compared_as_understood_other_columns_aside() -> None:
    same = [*rows("a+", gmv="1,000", note="x"), *rows(" a+", gmv="$1000.00", note="y")]
    assert len(read_report(same, FLAG).accepted) == 1
    assert read_report([*same, *rows("a+", gmv="1001")], FLAG).accepted == {}
    assert list(read_report(rows("a+ a-"), PRESENCE).accepted) == ["a"]


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ("1234.5", "1234.5"), ("1,234,567.89", "1234567.89"), (".5", "0.5"), ("0.00005", "0.0001"),
        ("-0.00004", "0"), ("-0.00005", "-0.0001"), ("$1", "1"), ("-\u20ac 1", "-1"), ("\u20ac -1", "-1"),
        ("1 USD", "1"), ("eur1.20", "1.2"), ("(12.00)", "-12"), ("12-", "-12"), ("(+1)", "-1"), ("+1", "1"),
        ("99999999999999", "99999999999999"),
    ],
)  # fmt: skip
def test_r3_5_money(raw: str, amount: str) -> None:
    assert read_money(raw) == Decimal(amount)


@pytest.mark.parametrize(
    "raw",
    [
        "5.",
        "1,23",
        "1.234,56",
        "1e5",
        "--1",
        "(-1)",
        "-1-",
        "$1 USD",
        "1 2",
        "(1",
        "1)",
        "n/a",
        "-",
        "USD",
        "()",
        "1" * 15,
    ],
)
def test_r3_5_not_money_is_empty_with_a_warning(raw: str) -> None:
    report = read_report(rows("a+", gmv=raw), FLAG)
    assert (report.accepted["a"].gmv, report.warnings) == (None, 1)


def test_r3_5_a_decimal_comma_swaps_the_signs() -> None:
    assert read_money("1.234,5 \u20ac", ",") == Decimal("1234.5")
    with pytest.raises(ValueError, match="not money"):
        read_money("1,234.5", ",")
