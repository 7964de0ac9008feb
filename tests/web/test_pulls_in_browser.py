"""The pages of pulls, uploads, messages, people, users and the log in a real browser: on a phone, in the dark, without
scripts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.programme import Programme, accounts, csv_text, day, rows
from tests.web.browsing import amiss, page_of
from tests.web.opened import Pages, listening, opened
from winback import requests
from winback.store.models import Pull

HOSTILE = "<img src=x onerror=alert(1)>" + "W" * 2_000 + "\u202eعربي"
GUARD = "[products.payments.guard]\nmax_rejected = 0.5\n"
ADDRESSES = (
    "/pulls/",
    "/pulls/1/",
    "/pulls/2/",
    "/rejected/",
    "/rejected/?pull=2",
    "/messages/",
    "/upload/",
    "/requests/1/",
    "/people/",
    "/people/set/?name=Ana",
    "/users/",
    "/audit/",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Pages, str]]:
    """A pull that is applied and one that is held; a request that nobody has done yet."""
    programme = Programme(tmp_path, product=GUARD)
    hostile = {"merchant_name": HOSTILE, "csm_name": HOSTILE, "region": HOSTILE, "gmv": 5_000}
    programme.pull(1, rows(accounts(30), hostile))
    programme.pull(2, rows(f"{accounts(28, '-')} m28+ m29+ {'x' * 900}?", hostile))
    programme.now = day(4)
    with opened(programme) as pages, listening(pages) as address:
        requests.ask(pages.workspace.settings, "release", {}, "lee@shop.example", day(4), key="to look at")
        yield pages, address


def work_off(pages: Pages) -> None:
    requests.work_off(pages.workspace, threading.Event(), once=True)


def test_an_upload_is_looked_at_applied_and_undone_without_a_reload(
    shop: tuple[Pages, str], browser: Browser, tmp_path: Path
) -> None:
    pages, address = shop
    report = tmp_path / "r_2026-11-03.csv"
    report.write_text(csv_text(rows(f"m0- {accounts(29, start=1)}")), encoding="utf-8")
    with page_of(browser, pages, address, "manager") as page:
        page.goto("/upload/")
        page.get_by_label("Report").set_input_files(report)
        page.get_by_role("button", name="Look at it").click()
        page.get_by_text("no worker is at work").wait_for()
        work_off(pages)
        page.get_by_role("button", name="Apply").click()
        page.get_by_text("Pull an upload").first.wait_for()
        work_off(pages)
        page.get_by_role("link", name="To pull").click()
        page.get_by_label("Reason").fill("wrong month")
        page.get_by_role("button", name="Undo this pull").click()
        work_off(pages)
        page.get_by_text("The pull is undone.").wait_for()
    assert Pull.objects.latest("pk").status == "undone"


def test_without_scripts_a_link_looks_again(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "manager", java_script_enabled=False) as page:
        page.goto("/pulls/1/")
        page.get_by_label("Reason").fill("checked")
        page.get_by_role("button", name="Undo this pull").click()
        page.get_by_text("Look again").wait_for()
        work_off(pages)
        page.get_by_text("Look again").click()
        page.get_by_text("The pull is undone.").wait_for()


# How a page looks does not depend on the database.
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_never_scroll_sideways(
    shop: tuple[Pages, str], browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    pages, address = shop
    size = {"width": width, "height": 844}
    with page_of(browser, pages, address, "admin", viewport=size, color_scheme=scheme) as page:
        found = {each: list(amiss(page, each, width)) for each in ADDRESSES}
    assert {each: what for each, what in found.items() if what} == {}


def test_the_admin_works_under_our_content_policy(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "admin") as page:
        page.goto("/admin/")
        page.get_by_role("link", name="Pulls").first.click()
        page.get_by_role("link", name="1", exact=True).click()
        page.get_by_text("Fingerprint").wait_for()


def test_enter_in_the_reason_decides_nothing(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "manager") as page:
        page.goto("/pulls/2/")
        page.get_by_label("Reason").fill("looks right")
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert page.url.endswith("/pulls/2/")
        page.get_by_role("button", name="Approve").click()
        page.wait_for_url("**/requests/*/")
