"""Overview, months, CSMs, impact and the search in a real browser: as each role, on a phone, in the dark, by
keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import backing
from tests.programme import Programme, accounts, day, rows
from tests.web.browsing import amiss_here, page_of
from tests.web.opened import Pages, listening, opened
from winback.core.roles import ROLES, Role

# What the database is makes no difference to a browser.
pytestmark = pytest.mark.only_on("sqlite")
HOSTILE = "<img src=x onerror=alert(1)>" + "W" * 10_000 + "\u202eعربي"
FORMULA = '=HYPERLINK("http://evil.example","x")'
SETTINGS = "[cases]\nlost_after_days = 5\nholdout = 0.2\n"
PRODUCT = "[products.payments.guard]\nmax_churn = 0.6\nmax_group = 1\n"
ADDRESSES = ("/", "/months/", "/csms/?sort=fastest", "/impact/", "/find/?q=o", "/account/payments/?uid=m29")
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))


@pytest.fixture(scope="module")
def shop(
    browser: Browser, stands_on: backing.Backing, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Pages, str]]:
    """Some of each, called what nobody should be called; the last report is held. Opened after the browser."""
    programme = Programme(tmp_path_factory.mktemp("shop"), SETTINGS, product=PRODUCT)
    hostile = {"merchant_name": HOSTILE, "csm_name": HOSTILE, "region": HOSTILE, "gmv": 9_000, "revenue": 90}
    formula = {"merchant_name": FORMULA, "csm_name": FORMULA, "region": FORMULA, "gmv": 7, "revenue": 1}
    of = {f"m{number}": formula for number in range(0, 30, 2)}
    programme.pull(1, rows(f"{accounts(30)} new-", hostile, **of))
    programme.pull(2, rows(f"{accounts(12, '-')} {accounts(18, start=12)} new+", hostile, **of))
    programme.pull(5, rows(f"{accounts(4)} {accounts(8, '-', start=4)} {accounts(18, start=12)} new+", hostile, **of))
    assert programme.pull(8, rows(accounts(31, "-"), hostile, **of)).status == "held"
    programme.now = day(8)
    with opened(programme) as pages, listening(pages) as address:
        yield pages, address


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible_and_never_scroll_sideways(shop: tuple[Pages, str], browser: Browser, role: Role) -> None:
    """Width and colours are the style sheet's affair: each page is loaded once, and looked at in each of them; what
    roles see of a page differs by little."""
    pages, address = shop
    found: dict[tuple[str, int, str], list[str]] = {}
    with page_of(browser, pages, address, role) as page:
        for each in ADDRESSES if role == "admin" else ADDRESSES[:4]:
            answer = page.goto(each)
            assert answer
            assert answer.status == 200
            if each == "/":
                expect(page.get_by_role("img")).to_have_count(4)
                expect(page.get_by_text("is held: it looks broken")).to_be_visible()
            for width, scheme in LOOKS if role == "admin" else LOOKS[::3]:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 844})
                found[each, width, scheme] = list(amiss_here(page, width))
    assert {each: what for each, what in found.items() if what} == {}


def test_everything_is_reached_by_keyboard(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "viewer") as page:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        region = page.locator("select[name=region]")
        tab_to(page, region)
        page.keyboard.type("=")
        tab_to(page, page.get_by_role("button", name="Show"))
        page.keyboard.press("Enter")
        expect(region).to_have_value(FORMULA)
        tab_to(page, page.get_by_role("link", name="GMV", exact=True))
        page.keyboard.press("Enter")
        # The trend comes by itself, of what is chosen.
        expect(page.get_by_role("img", name="At risk, GMV")).to_be_visible()
        expect(region).to_have_value(FORMULA)
        tab_to(page, page.get_by_role("link", name="accounts: show them").first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="At risk", exact=True)).to_be_visible()


def test_a_table_that_is_too_wide_is_scrolled_by_keyboard(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    size = {"width": 390, "height": 844}
    with page_of(browser, pages, address, "viewer", viewport=size) as page:
        page.goto("/months/")
        table = page.get_by_role("region", name="What happened, by period")
        tab_to(page, table)
        page.keyboard.press("ArrowRight")
        expect(table).not_to_have_js_property("scrollLeft", 0)


def test_on_a_phone_filters_are_folded_away_and_say_what_is_chosen(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    size = {"width": 390, "height": 844}
    with page_of(browser, pages, address, "viewer", viewport=size) as page:
        page.goto("/at-risk/")
        filters, folded = page.get_by_role("form", name="Filters"), page.locator(".fold > summary")
        expect(filters).to_be_hidden()
        tab_to(page, folded)
        page.keyboard.press("Enter")
        expect(filters).to_be_visible()
        filters.get_by_label("Region").select_option(FORMULA)
        filters.get_by_role("button", name="Show").click()
        expect(folded).to_have_text(f"Filters · {FORMULA}")
        expect(filters).to_be_hidden()
        page.set_viewport_size({"width": 1280, "height": 844})
        expect(filters).to_be_visible()
        expect(folded).to_be_hidden()


def test_an_account_is_found_from_any_page_by_keyboard(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "csm") as page:
        page.goto("/impact/")
        tab_to(page, page.get_by_label("Find an account"))
        page.keyboard.type("m29")
        page.keyboard.press("Enter")
        expect(page.get_by_text("No churn and no win is on record.")).to_be_visible()


def test_without_scripts_the_trend_is_a_link(shop: tuple[Pages, str], browser: Browser) -> None:
    pages, address = shop
    with page_of(browser, pages, address, "viewer", java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="Show the last ninety days").click()
        expect(page.get_by_role("img")).to_have_count(4)


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by {most} presses of Tab")
