from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winback.core.money import format_money, from_units, to_units

units = st.integers(min_value=-(2**63), max_value=2**63 - 1)
pytestmark = pytest.mark.rule("R3.5")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", 0),
        ("-0", 0),
        ("1234.5", 12_345_000),
        ("0.0001", 1),
        ("0.00005", 1),
        ("-0.00005", -1),
        ("0.00004999999999999999999999999999999999999", 0),
        ("1.00014", 10_001),
        ("1E+3", 10_000_000),
        ("99999999999999.9999", 999_999_999_999_999_999),
        ("-99999999999999.9999", -999_999_999_999_999_999),
    ],
)
def test_money_becomes_whole_units_rounded_half_up(amount: str, expected: int) -> None:
    assert to_units(Decimal(amount)) == expected


@given(units)
def test_units_are_exact_both_ways(whole: int) -> None:
    amount = from_units(whole)
    assert to_units(amount) == whole
    assert amount.as_tuple().exponent == -4


@given(units)
def test_money_written_is_the_same_money(whole: int) -> None:
    assert Decimal(format_money(from_units(whole))) == from_units(whole)


@given(st.lists(units, max_size=50))
def test_a_sum_of_units_is_the_sum_of_the_money(wholes: list[int]) -> None:
    assert from_units(sum(wholes)) == sum(map(from_units, wholes), Decimal(0))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234.5", "1234.50"),
        ("1234.5000", "1234.50"),
        ("1234.5670", "1234.567"),
        ("0.0001", "0.0001"),
        ("0", "0.00"),
        ("-0.0000", "0.00"),
        ("-5", "-5.00"),
        ("1E+3", "1000.00"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)
def test_money_is_written_with_at_least_two_places(amount: str, text: str) -> None:
    assert format_money(Decimal(amount)) == text


def test_missing_money_stays_missing() -> None:
    assert format_money(None) is None
