"""Uploading a report: first what it would change, then the pull; and whatever else somebody may hand in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.programme import Programme, csv_text, day, rows
from tests.web.opened import Pages, opened
from tests.web.test_pulls import key_in
from winback import requests
from winback.store.models import AuditEntry, Pull, Request

GUARD = "max_report_bytes = 3_000\n[products.payments.guard]\nmin_accounts = 1\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Pages]:
    """Five accounts, as the report of 1 November has them; it is the 3rd now."""
    programme = Programme(tmp_path, product=GUARD)
    programme.pull(1, rows("a+ b+ c+ d+ e+ f+ g+ h+ i+ j+ k+ l+"))
    programme.now = day(3)
    with opened(programme) as pages:
        yield pages


def upload(pages: Pages, content: str | bytes, name: str = "r_2026-11-02.csv", **more: str) -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    given = {"report": SimpleUploadedFile(name, data), "product": "payments", **more}
    return pages.post("manager", "/upload/", {"key": key_in(pages.get("manager", "/upload/")), **given})


def seen(pages: Pages, asked: Any) -> str:
    """The page of what was asked for, once it is done."""
    requests.work_off(pages.workspace, threading.Event(), once=True)
    text: str = pages.get("manager", asked["Location"]).content.decode()
    return text


def apply(pages: Pages) -> Any:
    return pages.post("manager", f"/upload/{Request.objects.latest('pk').pk}/apply/")


def test_a_report_is_looked_at_and_then_applied(shop: Pages) -> None:
    report = csv_text(rows("a+ b+ c+ d+ e+ f+ g+ h+ i+ j+ k+ l-"))
    text = seen(shop, upload(shop, report))
    assert "This report is in order" in text
    assert "<dt>Churned</dt><dd>1</dd>" in text
    assert Pull.objects.count() == 1
    first, second = apply(shop), None
    second = shop.post("manager", f"/upload/{Request.objects.earliest('pk').pk}/apply/")
    assert first["Location"] == second["Location"]
    assert "The pull is applied." in seen(shop, first)
    pull = Pull.objects.latest("pk")
    assert (pull.at.isoformat(), pull.churned) == ("2026-11-02T00:00:00+00:00", 1)
    page = shop.get("viewer", f"/pulls/{pull.pk}/").content.decode()
    assert "uploaded: <bdi>r_2026-11-02.csv</bdi>" in page
    assert str(shop.workspace.settings.data_path) not in page
    actions = AuditEntry.objects.filter(actor="manager@shop.example").values_list("action", flat=True)
    assert set(actions) == {"report uploaded", "report handed in"}


def test_the_moment_can_be_said(shop: Pages) -> None:
    upload(shop, csv_text(rows("a+ b+")), at="2026-11-02T15:30")
    assert Request.objects.get().arguments["at"] == "2026-11-02T15:30:00Z"


def test_one_that_looks_broken_says_so_first(shop: Pages) -> None:
    text = seen(shop, upload(shop, csv_text(rows("a- b- c- d- e- f- g- h- i- j- k- l-"))))
    assert "it would be held" in text
    assert "Why it would be held" in text
    assert "100.0 %" in text
    assert "The pull is held" in seen(shop, apply(shop))


def test_what_is_known_changes_nothing(shop: Pages) -> None:
    report = csv_text(rows("a+ b+ c+ d+ e+ f+ g+ h+ i+ j+ k+ l+"))
    text = seen(shop, upload(shop, report, at="2026-11-01T09:00"))
    assert "Nothing would change" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!doctype html><html><body>Please sign in</body></html>", "This report can&#x27;t be used"),
        (b"\x00\x01\x02" * 50, "This report can&#x27;t be used"),
        ("uid,is_product_enabled\n", "it would be held"),
    ],
)
def test_what_is_no_report_is_told_kindly(shop: Pages, content: str | bytes, said: str) -> None:
    text = seen(shop, upload(shop, content))
    assert said.replace("&#x27;", "'") in text.replace("&#x27;", "'")
    assert Pull.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("report.exe", "a", "not a kind of report"),
        ("report.csv", "x" * 4_000, "more than 3,000 bytes"),
        ("report.csv", "", "empty"),
    ],
)
def test_what_can_not_be_taken_is_said_beside_the_field(shop: Pages, name: str, content: str, said: str) -> None:
    answer = upload(shop, content, name)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../../../etc/x_2026-11-02.csv", "<img src=x onerror=alert(1)>.csv", "'; drop.csv"]
)
def test_nothing_of_a_name_is_trusted(shop: Pages, name: str) -> None:
    text = seen(shop, upload(shop, csv_text(rows("a+ b+")), name))
    folder = shop.workspace.settings.data_path / ".uploads"
    (path,) = (each for each in folder.rglob("*") if each.is_file())
    assert path.parent.parent == folder
    assert "<img" not in text
    assert "'; drop" not in text


def test_a_moment_that_is_none_is_said_beside_the_field(shop: Pages) -> None:
    answer = upload(shop, csv_text(rows("a+")), at="yesterday")
    assert answer.status_code == 400
    assert "expected a date or moment" in answer.content.decode()


def test_only_what_was_looked_at_can_be_applied(shop: Pages) -> None:
    asked = upload(shop, csv_text(rows("a+ b+")))
    assert apply(shop).status_code == 404
    assert asked.status_code == 302
    assert shop.post("manager", "/upload/77/apply/").status_code == 404
