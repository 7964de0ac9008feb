"""Everybody makes, sees and revokes their own keys of the API."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.opened import Pages
from winback.access.keys import make_key, user_of_key
from winback.access.models import ApiKey
from winback.core.roles import ROLES, Role
from winback.store.models import AuditEntry


def made(pages: Pages, role: Role, label: str, lasts: str = "30") -> str:
    page = pages.post(role, "/keys/", {"label": label, "lasts": lasts})
    (key,) = set(re.findall(r"winback_[\w-]{40,}", page.content.decode()))
    return str(key)


@pytest.mark.parametrize("role", ROLES)
def test_a_key_is_shown_once_and_works(pages: Pages, role: Role) -> None:
    key = made(pages, role, f"dashboard of {role}")
    assert user_of_key(key, pages.workspace.now()) == pages.users[role]
    page = pages.get(role, "/keys/")
    assert f"dashboard of {role}" in page.content.decode()
    assert key not in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_nothing_that_is_kept_has_the_key(pages: Pages) -> None:
    key = made(pages, "viewer", "kept nowhere")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select * from "{table}"')
            assert key not in repr(cursor.fetchall())


def test_what_is_not_filled_in_is_said_beside_the_field(pages: Pages) -> None:
    before = ApiKey.objects.count()
    page = pages.post("viewer", "/keys/", {"label": "", "lasts": "7"}).content.decode()
    assert page.count('class="wrong"') == 2
    assert ApiKey.objects.count() == before


def test_a_revoked_key_opens_nothing_and_is_in_the_audit_log(pages: Pages) -> None:
    key = made(pages, "csm", "old script")
    number = ApiKey.objects.get(label="old script").pk
    answer = pages.client("csm").post(f"/keys/{number}/revoke/", follow=True)
    assert "The key “old script” is revoked" in answer.content.decode()
    assert user_of_key(key, pages.workspace.now()) is None
    noted = AuditEntry.objects.filter(subject="old script").values_list("actor", "action")
    assert list(noted) == [("csm@shop.example", "API key made"), ("csm@shop.example", "API key revoked")]


def test_nobody_sees_or_revokes_the_key_of_another(pages: Pages) -> None:
    make_key(pages.users["viewer"], "of the viewer", None, pages.workspace.now())
    number = ApiKey.objects.get(label="of the viewer").pk
    assert "of the viewer" not in pages.get("admin", "/keys/").content.decode()
    assert pages.post("admin", f"/keys/{number}/revoke/").status_code == 404
    assert ApiKey.objects.filter(pk=number).exists()


def test_a_label_is_text(pages: Pages) -> None:
    made(pages, "manager", "<script>alert(1)</script>\u202eabc")
    page = pages.get("manager", "/keys/").content.decode()
    assert "<script>alert" not in page
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;\u202eabc</bdi>" in page


def test_the_page_asks_little_of_the_database(pages: Pages) -> None:
    client = pages.client("viewer")
    with CaptureQueriesContext(connection) as captured:
        client.get("/keys/")
    assert len(captured) <= 12
