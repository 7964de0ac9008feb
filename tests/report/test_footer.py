"""Lines below the rows of delimited text are no rows; what broke off is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import Place

ROWS = "UID,Merchant,Enabled\na,One,yes\nb,Two,no\n"
SETTINGS = '[products.payments.columns]\nuid = "UID"\nmerchant_name = "Merchant"\nis_product_enabled = "Enabled"\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, SETTINGS)


@pytest.mark.parametrize(
    "footer",
    [
        "\nTitle of the report\n",
        "\n\nTitle of the report\n\nMade by Dana\nConfidential",
        '\n"Title, with a comma"\n"Copyright (c) 2026 Shop"\n',
    ],
)
def test_a_footer_is_no_row(place: Place, footer: str) -> None:
    before = place.write_text("2024-03-01", ROWS + footer).read_bytes()
    assert "2 rows read, 2 accounts accepted, 0 rows rejected" in place.done("pull").out
    assert place.uids("history") == ["a", "b"]
    assert (place.reports / "payments_2024-03-01.csv").read_bytes() == before


@pytest.mark.parametrize(
    "end",
    ["c", "c\n", "\nc,Three\n", "\nTitle\nc,Three,yes,no\n", '\n"c\n', "\nTitle\n" + "more and more\n" * 500],
)
def test_what_broke_off_is_refused(place: Place, end: str) -> None:
    place.write_text("2024-03-01", ROWS + end)
    ran = place.run("pull")
    assert (ran.status, ran.out) == (1, "")


def test_the_end_of_a_long_cell_is_no_footer(place: Place) -> None:
    place.write_text("2024-03-01", ROWS + 'c,"Three\n\nof\nthem",yes\nd,Four,"yes\n\n"\n')
    assert "4 rows read, 4 accounts accepted" in place.done("pull").out


def test_packed_and_of_another_encoding(place: Place) -> None:
    place.write_text("2024-03-01", (ROWS + "\nÜbersicht\n").encode("utf-16"))
    assert "2 rows read, 2 accounts accepted" in place.done("pull").out


def test_a_report_of_one_column_has_none(place: Place) -> None:
    place.set('mode = "presence"\n[products.payments.columns]\nuid = "UID"\n')
    place.write_text("2024-03-01", "UID\na\n\nb\n")
    assert "2 accounts accepted" in place.done("pull").out
