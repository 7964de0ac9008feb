"""Five questions of a newcomer, answered from the overview by clicking and typing what is to be seen, in few steps. The
company is the made-up one of `winback demo --serve`; each answer is compared with what it was made of, or with the
tables of cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.browsing import page_of
from tests.web.opened import DEMO_NOW, Pages, listening
from winback.demo.world import DAYS, Contact, Day, Said, days
from winback.web import site
from winback.workspace import open_workspace

pytestmark = pytest.mark.timeout(600)
LAST = DEMO_NOW.replace(minute=0)


@pytest.fixture(scope="module")
def company(browser: Browser, demo: Path) -> Iterator[tuple[Pages, str]]:
    """Opened after the browser."""
    with open_workspace(demo, now=DEMO_NOW) as workspace:
        site.prepare(workspace)
        pages = Pages(workspace)
        with listening(pages) as address:
            yield pages, address


@pytest.fixture(scope="module")
def world() -> list[Day]:
    return list(days())


class Newcomer:
    """Does what people do, and counts it. Everything is found by its words."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0
        page.goto("/")

    def click(self, words: str, kind: Any = "link") -> None:
        self.steps += 1
        self.page.get_by_role(kind, name=words, exact=True).click()

    def type(self, label: str, text: str, then: str | None = None) -> None:
        self.steps += 1
        self.page.get_by_label(label, exact=True).fill(text)
        if then:
            self.page.keyboard.press(then)

    def choose(self, label: str, words: str) -> None:
        self.steps += 1
        self.page.get_by_role("combobox", name=label).first.select_option(words)

    def row(self, words: str) -> list[str]:
        """The cells beside a row's heading."""
        return cells_of(self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=words)))


@pytest.fixture
def newcomer(company: tuple[Pages, str], browser: Browser) -> Iterator[Newcomer]:
    pages, address = company
    with page_of(browser, pages, address, "viewer") as page:
        yield Newcomer(page)


def cells_of(row: Locator) -> list[str]:
    return [" ".join(text.split()) for text in row.get_by_role("cell").all_inner_texts()]


def table_of(company: tuple[Pages, str], name: str, **filters: Any) -> list[dict[str, Any]]:
    """As `winback show` has it."""
    table = company[0].workspace.read(name, **filters)
    return [dict(zip(table.names, row, strict=True)) for batch in table.batches for row in batch]


def test_which_large_accounts_of_emea_has_nobody_contacted_in_48_hours(
    company: tuple[Pages, str], newcomer: Newcomer, world: list[Day]
) -> None:
    newcomer.click("Nobody has contacted these in 48 h")
    newcomer.choose("Region", "EMEA")
    newcomer.type("GMV of at least", "10000", then="Enter")
    expect(newcomer.page).to_have_url(re.compile("gmv=10000"))
    names = newcomer.page.locator("tbody").get_by_role("rowheader")
    answer = {text.split("\n")[-1] for text in names.all_inner_texts()}

    at_risk = table_of(company, "at_risk", region="EMEA", uncontacted_for=timedelta(hours=48))
    assert answer == {row["uid"] for row in at_risk if row["gmv"] > 10_000}
    called = {contact.uid: LAST - timedelta(days=DAYS - 1 - day.number) for day in world for contact in day.contacts}
    large = {row[0] for row in world[-1].rows if row[4] == "EMEA" and float(row[5]) > 10_000 and row[-1] == "false"}
    assert answer
    assert answer <= large
    churned = {row["uid"]: row["churned_at"] for row in at_risk}
    assert all(uid not in called or called[uid] < churned[uid] for uid in answer)
    assert newcomer.steps <= 3


def test_what_was_recovered_in_october_and_how_much_of_it_by_csms(
    company: tuple[Pages, str], newcomer: Newcomer
) -> None:
    newcomer.click("Months")
    _, _, accounts, recovered, by_csms, *_ = newcomer.row("October 2026")
    expect(newcomer.page.get_by_role("columnheader", name="of it by CSMs")).to_be_visible()

    back = [
        row
        for row in table_of(company, "cases")
        if row["readopted_at"] and f"{row['readopted_at']:%Y-%m}" == "2026-10" and row["voided_at"] is None
    ]
    assert accounts == str(len(back))
    assert recovered == f"{sum(row['revenue'] for row in _with_revenue(company, back)):,.2f}"
    assert by_csms == f"{sum(row['revenue'] for row in _with_revenue(company, back) if row['credit'] == 'csm'):,.2f}"
    assert Decimal(by_csms.replace(",", "")) > 0
    assert newcomer.steps <= 1


def _with_revenue(company: tuple[Pages, str], cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Amounts stand in the table of what came back."""
    keys = {(row["uid"], row["churned_at"]) for row in cases}
    return [row for row in table_of(company, "readopted") if (row["uid"], row["churned_at"]) in keys]


def test_why_was_the_pull_of_yesterday_held(newcomer: Newcomer, world: list[Day]) -> None:
    newcomer.click("Why it is held")
    expect(newcomer.page.get_by_role("heading", name="29 Nov 2026")).to_be_visible()
    found = {
        region: newcomer.row(f"Accounts of region {region} that churned or went missing")
        for region in ("APAC", "LATAM")
    }
    before = world[DAYS - 3].rows
    missing = [row for row in before if row[4] in found]
    for region, (counted, total, share, limit) in found.items():
        assert (counted, total, share, limit) == (total, total, "100.0 %", "50.0 %")
        assert int(counted) == sum(row[4] == region and row[-1] == "true" for row in before)
    counted, total, *_ = newcomer.row("Accounts of the last report that are not in this one")
    assert (counted, total) == (str(len(missing)), str(len(before)))
    assert newcomer.steps <= 1


def test_who_answers_fastest(company: tuple[Pages, str], newcomer: Newcomer) -> None:
    newcomer.click("CSMs")
    newcomer.click("Who answers fastest")
    expect(newcomer.page).to_have_url(re.compile("sort=fastest"))
    fastest = newcomer.page.locator("tbody").get_by_role("row").first
    answer = fastest.get_by_role("rowheader").inner_text()

    took: dict[str, list[float]] = {}
    # Figures are of the latest case of an account.
    latest = {row["uid"]: row for row in sorted(table_of(company, "cases"), key=lambda row: row["churned_at"])}
    for row in latest.values():
        if row["hours_to_engage"] is not None:
            took.setdefault(row["csm_name_now"], []).append(float(row["hours_to_engage"]))
    expected = min(took, key=lambda name: median(took[name]))
    assert answer == expected
    assert cells_of(fastest)[2] == f"{median(took[expected]):,.1f} h of {len(took[expected])}"
    assert newcomer.steps <= 2


def test_what_happened_to_an_account(newcomer: Newcomer, world: list[Day]) -> None:
    uid, merchant, churned, contact, said = told_of(world)
    newcomer.type("Find an account", merchant, then="Enter")
    expect(newcomer.page.get_by_role("heading", name=merchant, exact=True)).to_be_visible()
    happened = newcomer.page.get_by_role("list").filter(has_text="Switched off").inner_text()

    expect(newcomer.page.get_by_text(uid, exact=True)).to_be_visible()
    events = [
        f"{contact.csm}: {contact.kind.capitalize()}",
        f"{said.csm} says: won",
        said.reason,
        "Back on: a win-back",
    ]
    for event in (*events, f"{LAST - timedelta(days=DAYS - 1 - churned):%d %b %Y %H:%M}"):
        assert event in " ".join(happened.split())
    assert newcomer.steps <= 1


def told_of(world: list[Day]) -> tuple[str, str, int, Contact, Said]:
    """An account of a name of its own, which churned once, was called, claimed as won, and came back."""
    names = [row[1] for row in world[-1].rows]
    for day in world[5:40]:
        for contact in day.contacts:
            claims = [said for each in world for said in each.said if said.uid == contact.uid]
            flags = [row[-1] for each in world for row in each.rows if row[0] == contact.uid]
            changes = [flag for place, flag in enumerate(flags) if not place or flag != flags[place - 1]]
            merchant = next(row[1] for row in day.rows if row[0] == contact.uid)
            is_own = sum(merchant.lower() in name.lower() for name in names) == 1
            if is_own and changes == ["true", "false", "true"] and [said.outcome for said in claims] == ["won"]:
                return contact.uid, merchant, day.number, contact, claims[0]
    raise AssertionError("nobody in the made-up company has such a story")
