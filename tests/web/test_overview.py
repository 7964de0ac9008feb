"""The overview says what `winback kpis` says, of any moment and filter, and leads to the rows."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme import day
from tests.web.opened import Pages
from winback.core.moments import format_moment


def text_of(answer: Any) -> str:
    """What a person reads."""
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(unescape(words).split())


FILTERS: list[dict[str, Any]] = [
    {},
    {"region": "EMEA"},
    {"csm": "Ben"},
    {"region": ""},
    {"at": format_moment(day(4))},
    {"at": format_moment(day(7)), "csm": "Ana"},
]


@pytest.mark.parametrize("chosen", FILTERS)
def test_the_topline_is_that_of_the_kpis(pages: Pages, chosen: dict[str, Any]) -> None:
    asked = {name: value or "(none)" for name, value in chosen.items()}
    answer = pages.get("viewer", f"/?{urlencode(asked)}")
    kpis = pages.workspace.kpis(**chosen)
    shown = re.findall(r'class="figure \w+"><a href="[^"]*">([\d,]+)', answer.content.decode())
    assert shown == [f"{kpis[name]['accounts']:,}" for name in ("at_risk", "churned", "won", "recovered")]


def test_bands_add_up_and_lead_to_their_rows(pages: Pages) -> None:
    content = pages.get("viewer", "/?measure=accounts&region=EMEA").content.decode()
    bands = unescape(content[content.index("<tbody>") : content.index("</tbody>")])
    at_risk = bands[: bands.index("</tr>")]
    links = re.findall(r'href="(/at-risk/\?band=[^"]*?)">([\d,]+)</a>', at_risk)
    assert sum(int(count) for link, count in links if "within" not in link) == 1
    assert all("region=EMEA" in link for link, _ in links)


@pytest.mark.parametrize("chosen", ["", "region=EMEA", "csm=Ana"])
def test_credit_and_regions_lead_to_their_rows(pages: Pages, chosen: str) -> None:
    content = unescape(pages.get("viewer", f"/?{chosen}").content.decode())
    links = re.findall(r'href="(/(?:won|churned)/\?[^"]*)">([\d,.]+)</a>', content[content.index("by region") :])
    credits = [(link, int(count)) for link, count in links if "credit=" in link]
    assert len(credits) == 5
    for link, count in credits:
        rows = pages.get("viewer", link).content.decode()
        assert f"<strong>{count}</strong> account" in rows, link
        assert link.count("&&") == 0
    regions = [link for link, _ in links if "credit=" not in link]
    assert regions
    assert all("kind=win_back" in link and "region=" in link for link in regions)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("region=Nowhere", "in the region “Nowhere”"),
        ("csm=An", "Nobody is called “An”"),
        ("csm=<b>", "Nobody is called “&lt;b&gt;”"),
        ("csm=Ana&region=EMEA", ""),
        ("csm=(none)&region=(none)", ""),
    ],
)
def test_a_filter_that_nothing_can_fit_says_so(pages: Pages, asked: str, hint: str) -> None:
    for address in ("/", "/at-risk/", "/csms/"):
        content = pages.get("viewer", f"{address}?{asked}").content.decode()
        assert ("notice warning" in content) == bool(hint)
        assert hint in content


def test_amounts_are_exact_for_whoever_looks_closer(pages: Pages) -> None:
    gmv = pages.workspace.kpis()["at_risk"]["gmv"]
    assert f'<data value="{gmv}"' in pages.get("viewer", "/").content.decode()


def test_the_trend_ends_with_what_the_kpis_say(pages: Pages) -> None:
    before = pages.workspace.kpis(at=day(5))["won"]["accounts"]
    now = pages.workspace.kpis()["won"]["accounts"]
    answer = pages.get("viewer", "/trend/?measure=accounts")
    assert f"Won, Accounts: 0 ninety days ago, {before} a week ago, {now} then" in answer.content.decode()
    assert f"{now - before:+} accounts against a week ago" in text_of(answer)
    assert now > before


def test_without_scripts_the_trend_is_part_of_the_page(pages: Pages) -> None:
    assert "against a week ago" not in text_of(pages.get("viewer", "/"))
    assert "against a week ago" in text_of(pages.get("viewer", "/?trend=1"))


@pytest.mark.parametrize("address", ["/?at=yesterday", "/?product=unknown", "/?at=2026-13-01", "/months/?from=x"])
def test_what_is_no_question_is_answered_with_what_was_expected(pages: Pages, address: str) -> None:
    answer = pages.get("viewer", address)
    assert answer.status_code == 400
    assert re.search("expected|there is no product", text_of(answer))


def test_a_name_of_the_report_is_text(pages: Pages) -> None:
    hostile = '"><script>alert(1)</script>'
    content = pages.get("viewer", f"/?{urlencode({'csm': hostile, 'region': hostile})}").content.decode()
    assert "<script>alert" not in content


def test_months_are_those_of_the_kpis(pages: Pages) -> None:
    (month,) = pages.workspace.months()["months"]
    shown = text_of(pages.get("viewer", "/months/"))
    assert f"November 2026 so far {month['churns']['accounts']} " in shown
    assert f"{float(month['win_backs']['revenue']):,.2f}" in shown


def test_a_period_is_what_is_asked_for(pages: Pages) -> None:
    asked = pages.workspace.flows("2026-11-02", "2026-11-05")
    shown = text_of(pages.get("viewer", "/months/?from=2026-11-02&to=2026-11-05"))
    assert f"2026-11-02 to 2026-11-05 {asked['churns']['accounts']} " in shown


def test_csms_are_ordered_as_asked(pages: Pages) -> None:
    def names(address: str) -> list[str]:
        return re.findall(r"<bdi>(.*?)</bdi>", pages.get("viewer", address).content.decode())

    assert names("/csms/?sort=name") == ["Ana", "Ben"]
    assert names("/csms/?sort=at_risk")[0] == names("/csms/")[0] == "Ana"
    assert names("/csms/?sort=nonsense") == names("/csms/")


def test_impact_without_a_holdout_says_how_to_have_one(pages: Pages) -> None:
    shown = text_of(pages.get("viewer", "/impact/"))
    assert "holdout = 0.1" in shown
    assert "not known yet" in shown


@pytest.mark.parametrize("address", ["/", "/trend/", "/months/", "/csms/", "/impact/"])
def test_a_page_asks_the_database_few_things(pages: Pages, address: str) -> None:
    client = pages.client("viewer")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    # Figures are counted in the engine, which reads each table that they are made of once.
    others = [each["sql"] for each in asked if each["sql"].lstrip().lower().startswith("select")]
    assert len(others) <= 12, others
