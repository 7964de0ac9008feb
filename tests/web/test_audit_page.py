"""The audit log in the pages, and Django's admin beside it: to be looked at by administrators, changed by nobody."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme import Programme, day
from tests.web.opened import Pages, opened
from winback.store.audit import note
from winback.store.models import AuditEntry


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Pages]:
    programme = Programme(tmp_path)
    programme.now = day(5)
    with opened(programme) as pages:
        for number in range(60):
            note(day(1), "lee", "signed in", f"page {number}")
        note(day(2), "dana", "claimed won", "case 1", "=cmd|' /C calc'!A0 <b>")
        yield pages


def shown(pages: Pages, query: str) -> list[str]:
    text = pages.get("admin", f"/audit/?{query}").content.decode()
    return re.findall(r'<th scope="row">(.*?)</th>', text)


def test_the_newest_stand_first_and_pages_can_be_turned(shop: Pages) -> None:
    assert shown(shop, "")[4:6] == ["claimed won", "signed in"]
    assert len(shown(shop, "")) == 50
    assert len(shown(shop, "page=2")) == 15
    assert "page=2" in shop.get("admin", "/audit/?actor=lee").content.decode()


def test_the_log_is_filtered_by_who_what_and_when(shop: Pages) -> None:
    assert shown(shop, "actor=dana") == ["claimed won"]
    assert shown(shop, "action=claimed+won") == ["claimed won"]
    assert shown(shop, "on=2026-11-02") == ["claimed won"]
    assert shown(shop, "on=2026-11-03") == []
    assert shop.get("admin", "/audit/?on=soon").status_code == 400


def test_what_is_shown_is_text_and_what_is_downloaded_no_formula(shop: Pages) -> None:
    assert "!A0 &lt;b&gt;" in shop.get("admin", "/audit/").content.decode()
    answer = shop.get("admin", "/audit/?actor=dana&format=csv")
    (line,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert line["details"].startswith("'=cmd")
    assert line["at"] == "2026-11-02T09:00:00Z"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject, entry.details) == ("downloaded", "audit_log", "actor=dana&format=csv")


@pytest.mark.parametrize("address", ["/audit/", "/users/"])
def test_a_page_asks_the_database_little(shop: Pages, address: str) -> None:
    client = shop.client("admin")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 12


def test_the_admin_shows_rows_and_changes_none(shop: Pages) -> None:
    entry = AuditEntry.objects.latest("pk").pk
    for address in ("/admin/store/auditentry/", f"/admin/store/auditentry/{entry}/change/", "/admin/access/apikey/"):
        assert shop.get("admin", address).status_code == 200
    assert shop.post("admin", f"/admin/store/auditentry/{entry}/change/", {"actor": "x"}).status_code == 403
    assert shop.post("admin", f"/admin/store/auditentry/{entry}/delete/", {"post": "yes"}).status_code == 403
    assert shop.get("admin", "/admin/store/auditentry/add/").status_code == 403


def test_of_users_the_admin_changes_the_name_alone(shop: Pages) -> None:
    user = shop.users["viewer"]
    given = {"name": "Vi", "email": "other@shop.example", "groups": [], "is_active": "", "password": "x"}
    page = shop.get("admin", f"/admin/access/user/{user.pk}/change/").content.decode()
    assert user.password not in page
    assert shop.post("admin", f"/admin/access/user/{user.pk}/change/", given).status_code == 302
    before, password = user.email, user.password
    user.refresh_from_db()
    assert (user.name, user.email, user.role, user.password) == ("Vi", before, "viewer", password)
    assert AuditEntry.objects.latest("pk").action == "user renamed"
