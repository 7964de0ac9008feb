"""rules.md R3.5: money is exact, and what can't be read becomes empty, never zero."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.backing import Backing
from tests.programme import Programme, rows

pytestmark = pytest.mark.rule("R3.5")

# With the decimal sign "."; with "," the two signs swap their roles.
READ = [
    ("0", "0"),
    ("1234", "1234"),
    ("1234.5", "1234.5"),
    ("1,234.50", "1234.50"),
    ("1,234,567.89", "1234567.89"),
    ("12,345", "12345"),
    (".5", "0.5"),
    ("007.10", "7.10"),
    ("+12.50", "12.50"),
    ("-12.50", "-12.50"),
    ("- 12.50", "-12.50"),
    ("12.50-", "-12.50"),
    ("12.50 -", "-12.50"),
    ("(12.50)", "-12.50"),
    ("( 1,212.50 )", "-1212.50"),
    ("$12.50", "12.50"),
    ("$ 12.50", "12.50"),
    ("€1,234.50", "1234.50"),
    ("12.50€", "12.50"),
    ("12.50 €", "12.50"),
    ("12.50\u00a0€", "12.50"),
    ("₹1,234.50", "1234.50"),
    ("-$12.50", "-12.50"),
    ("$-12.50", "-12.50"),
    ("($12.50)", "-12.50"),
    ("$(12.50)", "-12.50"),
    ("$12.50-", "-12.50"),
    ("12.50- $", "-12.50"),
    ("USD 12.50", "12.50"),
    ("EUR12.50", "12.50"),
    ("12.50 usd", "12.50"),
    ("-12.50 USD", "-12.50"),
    ("(12.50 USD)", "-12.50"),
    ("\u00a0 12.50\u200b", "12.50"),
    ("99999999999999.9999", "99999999999999.9999"),
    ("1.2345", "1.2345"),
    ("1.23445", "1.2345"),
    ("1.23444999", "1.2344"),
    ("-1.23445", "-1.2345"),
    ("0.00004", "0"),
    ("0." + "1" * 60, "0.1111"),
]
UNREAD = [
    "n/a", "-", "$", "USD", "()", "tbc", "zero", "null", "NaN", "inf",
    "1e5", "1E+5", "1.5e3", "0x10", "1_000",
    "12,34.5", "1,23,456", "1,2345", ",123", "1,234,", "1234,567", "1,234567", "12,50",
    "1.234.567", "1.2.3", "5.", "1.234,50", ".",
    "--5", "+-5", "-(5)", "(-5)", "(5)-", "-5-", "(5", "5)", "((5))",
    "$$5", "$5€", "US$5", "5 EURO", "E5", "USD5USD",
    "5 5", "1 234.50", "1'234.50", "5%", "½", "٣", "=5", "5+", "5\n6",
    "123456789012345", "999999999999999999999999", "99999999999999.99995",
]  # fmt: skip
SWAPPED = str.maketrans(".,", ",.")


def spelled(cell: str, decimal: str) -> str:
    return cell if decimal == "." else cell.translate(SWAPPED)


def read_all(folder: Path, cells: list[str], decimal: str = ".") -> tuple[list[Decimal | None], int]:
    """What each cell of `gmv` becomes, and how many warnings the pull has."""
    programme = Programme(folder, product=f'decimal = "{decimal}"')
    report = [{"uid": f"m{n}", "is_product_enabled": "1", "gmv": cell} for n, cell in enumerate(cells)]
    outcome = programme.pull(1, report)
    gmv = programme.column("history", "gmv")
    return [gmv[f"m{n}"] for n in range(len(cells))], outcome.unreadable_amounts


@pytest.fixture(scope="module", params=[".", ","])
def read(
    stands_on: Backing, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Decimal | None]:
    """Cell, as with the decimal sign ".", → amount; read in one report, with each decimal sign."""
    cells = [*(cell for cell, _ in READ), *UNREAD]
    written = [spelled(cell, request.param) for cell in cells]
    amounts, warnings = read_all(tmp_path_factory.mktemp("money"), written, request.param)
    assert warnings == len(UNREAD)
    return dict(zip(cells, amounts, strict=True))


@pytest.mark.parametrize(("cell", "amount"), READ, ids=[cell for cell, _ in READ])
def test_money_is_read_in_each_notation(read: dict[str, Decimal | None], cell: str, amount: str) -> None:
    assert read[cell] == Decimal(amount)


@pytest.mark.parametrize("cell", UNREAD)
def test_anything_else_becomes_empty_and_is_counted(read: dict[str, Decimal | None], cell: str) -> None:
    assert read[cell] is None


def test_a_blank_amount_is_missing_without_a_warning(tmp_path: Path) -> None:
    assert read_all(tmp_path, ["", " ", "\u00a0\u200b"]) == ([None, None, None], 0)


def test_warnings_are_counted_for_each_amount_and_hold_nothing(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    report = rows("a+ b+ c?", {"gmv": "tbc", "revenue": "1.234,50"}, b={"gmv": "5"})
    outcome = programme.pull(1, report)
    assert (outcome.status, outcome.unreadable_amounts, outcome.rejected) == ("applied", 5, 1)


def test_sums_are_exact_where_binary_numbers_are_not(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    report = rows("a+ b+ c+", a={"gmv": "0.1"}, b={"gmv": "0.2"}, c={"gmv": "99999999999999.9999"})
    programme.pull(1, report)
    programme.pull(2, "a- b- c-")
    assert programme.kpis()["at_risk"]["gmv"] == "100000000000000.2999"
    programme.void("c")
    assert programme.kpis()["at_risk"]["gmv"] == "0.30"


def test_sums_may_be_larger_than_any_one_amount(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[products.payments.guard]\nmin_accounts = 1000\nmax_churn = 1\nmax_group = 1")
    words = " ".join(f"m{number}+" for number in range(20))
    programme.pull(1, rows(f"{words} other+", {"gmv": "99999999999999.99", "revenue": "-99999999999999.99"}))
    programme.pull(2, f"{words.replace('+', '-')} other+")
    figures = programme.kpis()["at_risk"]
    assert (figures["gmv"], figures["revenue"]) == ("1999999999999999.80", "-1999999999999999.80")


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        (pa.array([1234.5]), "1234.5"),
        (pa.array([0.1]), "0.1"),
        (pa.array([-7.0]), "-7"),
        (pa.array([1234]), "1234"),
        (pa.array([Decimal("1234.5678")]), "1234.5678"),
        (pa.array([12.5], pa.float32()), "12.5"),
    ],
    ids=["double", "tenth", "negative", "whole", "decimal", "float"],
)
def test_typed_amounts_need_no_decimal_sign(tmp_path: Path, cells: Any, amount: str, decimal: str) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"uid": ["a"], "is_product_enabled": [True], "gmv": cells}), path)
    programme = Programme(tmp_path, product=f'decimal = "{decimal}"')
    assert programme.pull(1, path).unreadable_amounts == 0
    assert programme.row("history", "a")["gmv"] == Decimal(amount)


@pytest.mark.parametrize("cells", [pa.array([1e-15]), pa.array([-3.5e-12])], ids=str)
def test_the_dust_of_a_binary_sum_is_nothing_and_no_warning(tmp_path: Path, cells: Any) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"uid": ["a"], "is_product_enabled": [True], "gmv": cells}), path)
    programme = Programme(tmp_path)
    assert programme.pull(1, path).unreadable_amounts == 0
    assert programme.row("history", "a")["gmv"] == 0


def test_numbers_in_json_need_no_decimal_sign_and_texts_do(tmp_path: Path) -> None:
    path = tmp_path / "typed.ndjson"
    cells = {"a": "1234.5", "b": '"1.234,50"', "c": '"1234.5"'}
    path.write_text(
        "".join(f'{{"uid": "{uid}", "is_product_enabled": true, "gmv": {gmv}}}\n' for uid, gmv in cells.items())
    )
    programme = Programme(tmp_path, product='decimal = ","')
    assert programme.pull(1, path).unreadable_amounts == 1
    assert programme.column("history", "gmv") == {"a": Decimal("1234.5"), "b": Decimal("1234.5"), "c": None}
