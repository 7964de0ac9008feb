"""Tables, accounts, a CSM's own accounts and the link of a mail in a real browser: on a phone, in the dark, with and
without scripts, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.programme import Programme, accounts, day, rows
from tests.web.browsing import amiss, page_of
from tests.web.opened import Pages, listening, opened
from winback.core.roles import Role
from winback.messages.links import LASTS, make_token
from winback.store.models import Activity, Claim, Notification

KEY = "k" * 40
HOSTILE = "<img src=x onerror=alert(1)>" + "W" * 10_000 + "\u202eعربي"
SETTINGS = """
[people.Ana]
email = "csm@shop.example"
[messages]
bundle_over = 1
[web]
base_url = "http://127.0.0.1"
secret_key = "env:WINBACK_LINK_KEY"
"""
ADDRESSES = (
    "/at-risk/",
    "/at-risk/?uncontacted=48h&q=zzz",
    "/churned/",
    "/won/",
    "/readopted/?credit=self_service",
    "/account/payments/?uid=m0",
    "/account/payments/?uid=m2",
    "/my-accounts/",
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Pages, str]]:
    monkeypatch.setenv("WINBACK_LINK_KEY", KEY)
    programme = Programme(tmp_path, SETTINGS, product="[products.payments.guard]\nmin_accounts = 1000")
    of: dict[str, dict[str, object]] = {
        "m0": {"merchant_name": "Alder", "csm_name": "Ana", "gmv": 9_000_000},
        "m1": {"merchant_name": HOSTILE, "csm_name": "Ana", "region": HOSTILE},
    }
    every = {"csm_name": HOSTILE, "region": "EMEA", "gmv": 5_000, "revenue": 12}
    programme.pull(1, rows(accounts(9), every, **of))
    programme.pull(2, rows(f"{accounts(8, '-')} m8+", every, **of))
    programme.pull(3, rows(f"m0- m1- m2+ {accounts(5, '-', start=3)} m8+", every, **of))
    programme.now = day(4)
    with opened(programme) as pages, listening(pages) as address:
        yield pages, address


def link_of(uid: str) -> str:
    number = Notification.objects.filter(uid=uid, status="sent").order_by("pk").values_list("pk", flat=True)[0]
    return f"/answer/{make_token(number, KEY, day(4) + LASTS)}"


# How a page looks does not depend on the database.
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_never_scroll_sideways(
    shop: tuple[Pages, str], browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    pages, address = shop
    found: dict[tuple[Role | None, str], list[str]] = {}
    roles: tuple[Role | None, ...] = ("csm", "admin", None)
    for role in roles:
        addresses = (link_of("m0"), link_of("m1")) if role is None else ADDRESSES
        size = {"width": width, "height": 844}
        with page_of(browser, pages, address, role, viewport=size, color_scheme=scheme) as page:
            found |= {(role, each): list(amiss(page, each, width)) for each in addresses}
    assert {each: what for each, what in found.items() if what} == {}


def test_a_row_is_answered_in_its_place(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "csm") as page:
        page.goto("/my-accounts/")
        alder = page.locator(".mine").first
        alder.get_by_text("Log outcome").first.click()
        alder.get_by_role("button", name="Log outcome").click()
        assert not Claim.objects.exists(), "the browser asks for a choice first"
        alder.get_by_label("How did it end, and why?").select_option("lost:Price")
        alder.get_by_role("button", name="Log outcome").click()
        alder.get_by_text("Noted: Alder is lost.").wait_for()
        page.locator(".mine").nth(1).get_by_role("button", name="I reached out").click()
        page.locator(".mine").nth(1).get_by_text("Noted: you reached out").wait_for()
        assert page.locator(".mine").count() == 2
        assert page.url.endswith("/my-accounts/")
    assert (Claim.objects.get().uid, Activity.objects.get().uid) == ("m0", "m1")


def test_without_scripts_the_same_is_done(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "csm", java_script_enabled=False) as page:
        page.goto("/my-accounts/")
        page.get_by_role("button", name="I reached out to Alder").click()
        page.get_by_text("Noted: you reached out to Alder.").wait_for()
        assert page.url.endswith("/my-accounts/")
    assert Activity.objects.get().uid == "m0"


def test_from_the_table_to_the_account_to_the_answer_by_keyboard(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "manager") as page:
        page.goto("/at-risk/")
        page.get_by_label("Search").fill("alder")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Alder").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Alder").wait_for()
        page.get_by_text("Hand over", exact=True).first.focus()
        page.keyboard.press("Enter")
        page.get_by_label("Whose account is it?").fill("Ana")
        page.keyboard.press("Enter")
        page.get_by_text("is looked after by Ana already").wait_for()


def test_the_link_of_a_mail_is_answered_without_a_login(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, None) as page:
        page.goto(link_of("m0"))
        page.get_by_label("How did it end, and why?").select_option("won:Re-trained")
        page.get_by_role("button", name="Log outcome").click()
        page.get_by_text("Noted: Alder is won.").wait_for()
        page.get_by_role("button", name="Useful", exact=True).click()
        page.get_by_text("Thank you, that helps.").wait_for()
    assert Claim.objects.get().csm_name == "Ana"
