"""The tables of the pages: the same rows as `winback show`, in the order and part that the address asks for."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.programme import Programme, day
from tests.web.opened import Pages
from winback.store.models import AuditEntry

# Imported, so that these run on each database.
_ = Programme


def uids(pages: Pages, address: str) -> list[str]:
    answer = pages.get("viewer", address)
    assert answer.status_code == 200
    return re.findall(r'class="hint"><bdi>(.*?)</bdi>', answer.content.decode())


def known(pages: Pages, table: str, **options: Any) -> list[str]:
    return list(pages.workspace.table(table, **options).column("uid").to_pylist())


@pytest.mark.parametrize(
    ("address", "table"), [("/at-risk/", "at_risk"), ("/won/", "wins"), ("/readopted/", "readopted")]
)
def test_a_table_has_the_rows_of_show(pages: Pages, address: str, table: str) -> None:
    assert sorted(uids(pages, address)) == sorted(known(pages, table))
    past = sorted(known(pages, table, at=day(4)))
    assert sorted(uids(pages, f"{address}?at=2026-11-04T09:00Z")) == past


def test_churned_are_the_lost_ones(pages: Pages) -> None:
    lost = pages.workspace.table("churns").to_pylist()
    assert sorted(uids(pages, "/churned/")) == sorted(row["uid"] for row in lost if row["status"] == "lost")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", ["b", "c"]),
        ("?sort=gmv", ["b", "c"]),
        ("?sort=gmv&up=1", ["c", "b"]),
        ("?sort=merchant_name&up=1", ["c", "b"]),
        ("?sort=gmv;drop table cases", ["b", "c"]),
        ("?q=birc", ["b"]),
        ("?q=BIRCH", ["b"]),
        ("?q=%25", []),
        ("?q=_", []),
        ("?gmv=1000", ["b"]),
        ("?gmv=1,000", ["b"]),
        ("?region=AMER", ["c"]),
        ("?csm=Ana", ["b"]),
        ("?band=L24HRS", []),
        ("?band=L48HRS", ["b", "c"]),
        ("?band=L72HRS", []),
        ("?band=L72HRS&within=1", ["b", "c"]),
        ("?uncontacted=48h", ["b", "c"]),
        ("?uncontacted=24h&csm=Ben", ["c"]),
    ],
)
def test_what_the_address_asks_for_is_shown(pages: Pages, question: str, found: list[str]) -> None:
    assert uids(pages, f"/at-risk/{question}") == found


def test_bands_of_the_overview_lead_to_as_many_rows(pages: Pages) -> None:
    content = pages.get("viewer", "/").content.decode().replace("&amp;", "&")
    links = re.findall(
        r'href="(/(?:at-risk|churned|won)/\?[^"]*band=[^"]*)"[^>]*>(?:<span.*?</span>)?([\d,]+)</a>', content
    )
    assert len(links) == 4 * 7 * 2
    for address, count in links:
        assert len(uids(pages, address)) == int(count), address


def test_a_download_is_what_is_shown(pages: Pages) -> None:
    address = "/at-risk/?sort=gmv&up=1"
    answer = pages.get("viewer", f"{address}&download=csv")
    text = b"".join(answer.streaming_content).decode()
    assert [row["uid"] for row in csv.DictReader(io.StringIO(text))] == uids(pages, address)
    parquet = b"".join(pages.get("viewer", f"{address}&download=parquet").streaming_content)
    assert pq.read_table(io.BytesIO(parquet)).column("uid").to_pylist() == uids(pages, address)
    newest = AuditEntry.objects.order_by("-pk").first()
    assert newest is not None
    assert (newest.actor, newest.action, newest.subject) == ("viewer@shop.example", "downloaded", "At risk")


def test_what_can_not_be_is_said(pages: Pages) -> None:
    assert pages.get("viewer", "/at-risk/?gmv=lots").status_code == 400
    assert pages.get("viewer", "/at-risk/?download=exe").status_code == 400
    assert pages.get("viewer", "/at-risk/?page=9999999").status_code == 200


def test_names_of_the_report_are_text(pages: Pages) -> None:
    content = pages.get("viewer", "/at-risk/").content.decode()
    assert "&lt;b&gt;Cedar&lt;/b&gt;" in content
    assert "<b>Cedar" not in content


@pytest.mark.parametrize(
    ("asked", "words"), [("band=L48HRS", "in the band “48 h”"), ("band=L30&within=1", "within 30 days")]
)
def test_a_band_is_called_as_on_the_overview(pages: Pages, asked: str, words: str) -> None:
    assert words in " ".join(pages.get("viewer", f"/at-risk/?{asked}").content.decode().split())
