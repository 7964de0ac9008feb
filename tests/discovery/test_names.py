"""Names of columns, files and products."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from winback.discovery.names import is_negative, phrases, plain, rank
from winback.discovery.naming import product_name, report_setting

OURS = ("uid", "is_product_enabled", "merchant_name", "csm_name", "csm_email", "region", "gmv", "revenue", "currency")


def best(name: str) -> str | None:
    """Ours that a name fits best."""
    ranks = {ours: place for ours in (*OURS, "changed_at") if (place := rank(ours, name)) is not None}
    return min(ranks, key=lambda ours: ranks[ours]) if ranks else None


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("UID", "uid"),
        ("Account ID", "uid"),
        ("merchantId", "uid"),
        ("CUSTOMER-NO.", "uid"),
        ("Kundennummer", "uid"),
        ("ID de cuenta", "uid"),
        ("Opportunity ID", None),
        ("Merchant", "merchant_name"),
        ("Händler", "merchant_name"),
        ("Société", "merchant_name"),
        ("CSM", "csm_name"),
        ("csm_name", "csm_name"),
        ("Current CSM", "csm_name"),
        ("Account Owner", "csm_name"),
        ("Kundenbetreuer", "csm_name"),
        ("Owner Email", "csm_email"),
        ("Account Owner: E-Mail", "csm_email"),
        ("E-Mail Betreuer", "csm_email"),
        ("Email du gestionnaire", "csm_email"),
        ("Contact e-mail", None),
        ("Billing Country", "region"),
        ("Região", "region"),
        ("GMV (USD)", "gmv"),
        ("tpv_last_30d", "gmv"),
        ("Total GMV of the month", "gmv"),
        ("Umsatz", "gmv"),
        ("Net revenue", "revenue"),
        ("MRR €", "revenue"),
        ("Gebühren", "revenue"),
        ("Currency ISO Code", "currency"),
        ("Währung", "currency"),
        ("Status changed on", "changed_at"),
        ("Letzte Änderung", "changed_at"),
        ("Last modified", None),
        ("is_active", "is_product_enabled"),
        ("Payments enabled?", "is_product_enabled"),
        ("Aktiv", "is_product_enabled"),
        ("Is inactive", None),
        ("Churned", None),
        ("Plan", None),
        ("", None),
    ],
)
def test_what_a_column_is_called(name: str, ours: str | None) -> None:
    assert best(name) == ours


def test_every_name_that_we_know_is_spelled_as_names_are_compared() -> None:
    for ours in (*OURS, "changed_at"):
        assert [phrase for phrase in phrases(ours) if plain(phrase) != phrase] == [], ours


def test_a_name_of_the_contrary_is_no_flag() -> None:
    assert is_negative("Is disabled")
    assert not is_negative("Enabled")


@pytest.mark.parametrize(
    ("file_name", "product"),
    [
        ("payments_2026-11-03.csv", "payments"),
        ("Zahlungen (Export) 20261103T0900.csv.gz", "zahlungen_export"),
        ("Región Ñandú.parquet", "region_nandu"),
        ("2026-11-03.csv", "product"),
        ("../../etc.csv", "etc"),
        ("'; drop table pulls; --.csv", "drop_table_pulls"),
        ("[x]\n\x1b]0;.csv", "x_0"),
        ("報告.xlsx", "product"),
        (f"{'long' * 50}.csv", "long" * 10),
    ],
)
def test_what_a_product_is_called(file_name: str, product: str) -> None:
    assert product_name(file_name) == product
    assert re.fullmatch("[A-Za-z0-9_-]+", product)


@pytest.mark.parametrize(
    ("report", "home", "setting"),
    [
        ("/a/b/shop/reports/x.csv", "/a/b/shop", "reports/x.csv"),
        ("/a/b/shop/reports/x_2026-11-03.csv", "/a/b/shop", "reports/x_{date}.csv"),
        ("/a/b/x_20261103T090000Z.csv.gz", "/a/b/shop", "../x_{date}.csv.gz"),
        ("/a/b/2026-11-03/x.csv", "/a/b/shop", "../2026-11-03/x.csv"),
        ("/a/b/x_2026-11-03_to_2026-11-04.csv", "/a/b/shop", "../x_2026-11-03_to_2026-11-04.csv"),
        ("/a/b/x_2026-13-03.csv", "/a/b/shop", "../x_2026-13-03.csv"),
        ("/a/b/x[1]_2026-11-03.csv", "/a/b/shop", "../x[1]_2026-11-03.csv"),
        ("/srv/exports/x.csv", "/home/ana/shop", "/srv/exports/x.csv"),
        ("/a/b/shop/~x.csv", "/a/b/shop", "./~x.csv"),
    ],
)
def test_how_a_report_is_named_in_the_settings(report: str, home: str, setting: str) -> None:
    assert report_setting(Path(report), Path(home)) == setting
