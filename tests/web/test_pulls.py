"""Pulls in the pages: why one is held, deciding, rejected rows, and what came of what was asked for."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme import Programme, accounts, day, rows
from tests.web.opened import Pages, opened
from winback import requests
from winback.store.models import AuditEntry, Pull, Request

HOSTILE = "<script>alert(1)</script>" + "W" * 300
GUARD = "[products.payments.guard]\nmax_rejected = 0.5\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Pages]:
    """Pull 1: thirty accounts. Pull 2: held, since all but two churned; two of its rows are rejected."""
    programme = Programme(tmp_path, product=GUARD)
    programme.pull(1, rows(accounts(30), {"merchant_name": HOSTILE, "gmv": 5_000}))
    off = rows(f"{accounts(28, '-')} m28+ m29+ x? =y?", {"merchant_name": HOSTILE, "gmv": 5_000})
    assert programme.pull(2, off).status == "held"
    programme.now = day(3)
    with opened(programme) as pages:
        yield pages


def work_off(pages: Pages) -> None:
    requests.work_off(pages.workspace, threading.Event(), once=True)


def key_in(answer: Any) -> str:
    (key,) = re.findall(r'name="key" value="([0-9a-f]{32})"', answer.content.decode())
    return str(key)


def decide(pages: Pages, what: str, pull: int, reason: str = "checked") -> Any:
    key = key_in(pages.get("manager", f"/pulls/{pull}/"))
    return pages.post("manager", f"/pulls/{pull}/{what}/", {"reason": reason, "key": key})


def test_a_held_pull_stands_on_top_with_numbers_beside_limits_and_accounts(shop: Pages) -> None:
    text = shop.get("viewer", "/pulls/").content.decode()
    (row,) = re.findall(r"<tr[^>]*>\s*<th[^>]*><bdi>Accounts enabled[^<]*</bdi></th>(.*?)</tr>", text, re.DOTALL)
    assert re.findall(r">([^<]*)</td>", row) == ["28", "30", "93.3 %", "10.0 %"]
    assert text.index("Held:") < text.index("All pulls")
    assert "<bdi>m0</bdi>" in text
    assert "5,000.00" in text
    assert "Look closer and decide" not in text


def test_what_a_report_holds_is_shown_as_text(shop: Pages) -> None:
    for address in ("/pulls/", "/pulls/2/", "/rejected/?pull=2"):
        text = shop.get("manager", address).content.decode()
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text


def test_a_held_pull_is_approved_by_whoever_works_requests_off(shop: Pages) -> None:
    asked = decide(shop, "approve", 2)
    assert asked["Location"] == f"/requests/{Request.objects.get().pk}/"
    waiting = shop.get("manager", asked["Location"]).content.decode()
    assert "no worker is at work" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    work_off(shop)
    over = shop.get("manager", asked["Location"]).content.decode()
    assert "The pull is applied." in over
    assert "hx-trigger" not in over
    pull = Pull.objects.get(pk=2)
    assert (pull.status, pull.decided_by, pull.reason) == ("applied", "manager@shop.example", "checked")
    page = shop.get("viewer", "/pulls/2/").content.decode()
    assert "Why it was held" in page
    assert "Churned, the largest first" in page


def test_for_htmx_only_what_changes_is_sent(shop: Pages) -> None:
    address = decide(shop, "reject", 2)["Location"]
    text = shop.get("manager", address, headers={"HX-Request": "true"}).content.decode()
    assert text.startswith('<div id="state"')
    assert "<html" not in text


def test_a_pull_is_rejected_and_the_last_one_undone(shop: Pages) -> None:
    decide(shop, "reject", 2, "wrong file")
    decide(shop, "undo", 1, "wrong month")
    work_off(shop)
    assert list(Pull.objects.order_by("pk").values_list("status", "reason")) == [
        ("undone", "wrong month"),
        ("rejected", "wrong file"),
    ]


def test_a_form_sent_twice_asks_once(shop: Pages) -> None:
    key = key_in(shop.get("manager", "/pulls/2/"))
    answers = [shop.post("manager", "/pulls/2/reject/", {"reason": "wrong", "key": key}) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Request.objects.count() == 1


def test_without_a_reason_nothing_is_asked_for(shop: Pages) -> None:
    answer = decide(shop, "approve", 2, " ")
    assert answer.status_code == 400
    assert "This field is required" in answer.content.decode()
    assert not Request.objects.exists()


def test_what_could_not_be_done_says_why(shop: Pages) -> None:
    asked = decide(shop, "undo", 2)
    work_off(shop)
    text = shop.get("manager", asked["Location"]).content.decode()
    assert "only an applied pull can be undone" in text
    assert shop.get("manager", "/requests/999/").status_code == 404


def test_pulls_are_filtered_by_status_product_and_moment(shop: Pages) -> None:
    def shown(query: str) -> list[str]:
        text = shop.get("viewer", f"/pulls/?{query}").content.decode().partition("All pulls")[2]
        return re.findall(r'<a href="/pulls/(\d)/">', text)

    assert shown("") == ["2", "1"]
    assert shown("status=held") == ["2"]
    assert shown("at=2026-11-01T12:00") == ["1"]
    assert shop.get("viewer", "/pulls/?status=lost").status_code == 400
    assert shop.get("viewer", "/pulls/?page=0").status_code == 400
    assert shown("page=2") == []


def test_rejected_rows_are_listed_by_reason_and_downloaded_without_formulas(shop: Pages) -> None:
    text = shop.get("viewer", "/rejected/?pull=2").content.decode()
    assert "unknown flag (2)" in text
    assert "<bdi>=y</bdi>" in text
    none = shop.get("viewer", "/rejected/?pull=2&reason=missing+uid").content.decode()
    assert "No row is like that" in none
    answer = shop.get("viewer", "/rejected/?pull=2&format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="rejected_rows_of_pull_2.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [line["uid"] for line in lines] == ["x", "'=y"]
    assert HOSTILE in lines[0]["content"]
    entry = AuditEntry.objects.get(action="downloaded")
    assert (entry.actor, entry.subject) == ("viewer@shop.example", "rejected_rows_of_pull_2")


def test_reasons_that_are_no_reasons_find_nothing(shop: Pages) -> None:
    answer = shop.get("viewer", "/rejected/?pull=2&reason=%27+or+true+--")
    assert "No row is like that" in answer.content.decode()
    assert shop.get("viewer", "/rejected/?pull=9").status_code == 400


def test_a_csm_does_not_see_what_is_held_out(tmp_path: Path) -> None:
    programme = Programme(
        tmp_path, "[cases]\nholdout = 0.99\n", product="[products.payments.guard]\nmin_accounts = 1000"
    )
    programme.pull(1, rows("a+ b+ c+", {"merchant_name": "Acorn"}))
    programme.pull(2, rows("a- b+ c+", {"merchant_name": "Acorn"}))
    with opened(programme) as pages:
        assert "Acorn" in pages.get("manager", "/pulls/2/").content.decode()
        assert "Acorn" not in pages.get("csm", "/pulls/2/").content.decode()


@pytest.mark.parametrize("address", ["/pulls/", "/pulls/2/", "/rejected/?pull=2", "/rejected/", "/messages/"])
def test_a_page_asks_the_database_little(shop: Pages, address: str) -> None:
    client = shop.client("manager")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 12
