"""Pages of tables: together they are the table, whatever the moment and the filter (the tables themselves are held to
the rules elsewhere)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests import backing
from tests.programme import LENIENT, Programme, day, rows
from winback import Workspace
from winback.answers import Actor, claim, reach_out
from winback.pages import Wanted, read_all, read_page
from winback.store import copies, database, finding, remembered
from winback.store.models import Case
from winback.store.pages import ORDERS, Order
from winback.store.people import open_csms
from winback.tables import Query

TABLES = ("at_risk", "churns", "wins", "readopted")
MOMENTS = (day(1), day(3.5), day(6), day(9.5), day(14), day(40))


@pytest.fixture(scope="module", params=["of the database", "of columns"])
def workspace(
    request: pytest.FixtureRequest, stands_on: backing.Backing, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """Accounts that come and go, owners that change, claims true and false, and one case that is void."""
    settings = f"[cases]\nlost_after_days = 6\n[claims]\nrecovery_within_days = 3\n{LENIENT}"
    programme = Programme(tmp_path_factory.mktemp("pages"), settings)
    signs = {1: "+++++++-", 2: "--+++-++", 4: "-+--++++", 7: "+-+---+-", 9: "++-+---+", 12: "-+++--+-"}
    for number, flags in signs.items():
        who = {
            uid: {
                "merchant_name": {"c": "", "e": "SHÖP e%_"}.get(uid, f"Shop {uid}%_"),
                "csm_name": "Ana" if (number + place) % 3 else "Ben",
                "region": "EMEA" if place % 2 else "",
                "gmv": 100 * place,
                "revenue": number,
            }
            for place, uid in enumerate("abcdefgh")
        }
        programme.pull(number, rows(" ".join(f"{u}{f}" for u, f in zip("abcdefgh", flags, strict=True)), **who))
        with programme.open() as opened:
            _answer(opened, number)
    programme.void("b")
    programme.now = day(40)
    with programme.open() as opened, pytest.MonkeyPatch.context() as patch:
        if request.param == "of columns":
            patch.setattr(copies, "_MANY", 0)
            assert remembered.renew_copy(opened.settings.data_path)
        yield opened
        is_copied = copies.find(opened.settings.data_path) is not None
        assert is_copied == (request.param == "of columns"), "whatever could not be read would be forgotten"


def _answer(workspace: Workspace, number: int) -> None:
    manager = Actor("m", "Ana", answers_for_all=True)
    for case in Case.objects.filter(readopted_at=None).order_by("pk"):
        key, now = f"{number}-{case.pk}", day(number + 0.5)
        if case.pk % 3 == 0:
            reach_out(workspace.settings, case.pk, manager, now, key)
        if case.pk % 2 == 0:
            outcome: Any = "won" if number % 2 else "lost"
            claim(workspace.settings, case.pk, outcome, "Other", None, manager, now, key)


def of_pages(workspace: Workspace, name: str, query: Query, wanted: Wanted, order: Order) -> list[dict[str, Any]]:
    """Five rows to a page, each page as long as there are more."""
    found: list[dict[str, Any]] = []
    while True:
        page = read_page(workspace.settings, name, query, wanted, order, 5, len(found))
        found += page.rows
        assert len(page.found) == len(page.rows)
        if len(found) >= page.total:
            assert len(found) == page.total
            return found


def sorted_rows(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_all_pages_are_the_table(workspace: Workspace, name: str, at: dt.datetime) -> None:
    for filters in ({}, {"region": ""}, {"csm": "Ana"}, {"product": "payments", "csm": "ben"}):
        known = workspace.read(name, at=at, **filters)  # type: ignore[arg-type]
        expected = [dict(zip(known.names, row, strict=True)) for batch in known.batches for row in batch]
        query = Query(at, **filters)  # type: ignore[arg-type]
        found = of_pages(workspace, name, query, Wanted(), Order())
        assert sorted_rows(found) == sorted_rows(expected)
        whole = read_all(workspace.settings, name, query, Wanted(), Order())
        assert [row for batch in whole.batches for row in batch] == [tuple(row.values()) for row in found]


@pytest.mark.parametrize("credit", ["csm", "assisted", "self_service"])
def test_a_credit_is_that_of_the_table(workspace: Workspace, credit: str) -> None:
    seen = 0
    for at in MOMENTS:
        for name in ("wins", "readopted"):
            expected = [row for row in workspace.table(name, at=at).to_pylist() if row["credit"] == credit]
            found = of_pages(workspace, name, Query(at), Wanted(credit=credit), Order())
            assert sorted(row["uid"] for row in found) == sorted(row["uid"] for row in expected)
            seen += len(found)
    assert seen


def test_lost_ones_are_those_of_churns(workspace: Workspace) -> None:
    seen = 0
    for at in MOMENTS:
        expected = [row["uid"] for row in workspace.table("churns", at=at).to_pylist() if row["status"] == "lost"]
        assert sorted(row["uid"] for row in of_pages(workspace, "lost", Query(at), Wanted(), Order())) == sorted(
            expected
        )
        seen += len(expected)
    assert seen


def test_nobody_has_contacted_is_what_the_command_shows(workspace: Workspace) -> None:
    length = dt.timedelta(hours=24)
    for at in MOMENTS:
        known = workspace.read("at_risk", at=at, uncontacted_for=length)
        expected = sorted(row[1] for batch in known.batches for row in batch)
        query = Query(at, uncontacted_for=length)
        assert sorted(row["uid"] for row in of_pages(workspace, "at_risk", query, Wanted(), Order())) == expected


@pytest.mark.parametrize("by", ORDERS)
@pytest.mark.parametrize("name", ["churns", "wins"])
def test_every_order_is_one_and_its_reverse_the_other(workspace: Workspace, name: str, by: str) -> None:
    query = Query(day(9.5))
    up, down = (of_pages(workspace, name, query, Wanted(), Order(by, is_down)) for is_down in (False, True))
    assert sorted_rows(up) == sorted_rows(down)
    cells = [row[by] for row in down if row.get(by) is not None]
    if cells and by in ("gmv", "revenue", "churned_at", "won_at", "closed_at", "turnover_hours"):
        assert cells == sorted(cells, reverse=True)


def test_what_would_act_in_a_pattern_is_looked_for_as_text(workspace: Workspace) -> None:
    def found(search: str) -> list[str]:
        return sorted(
            row["uid"] for row in of_pages(workspace, "churns", Query(day(9.5)), Wanted(search=search), Order())
        )

    every = found("")
    assert every
    assert found("SHOP") == [uid for uid in every if uid not in "ce"]
    assert found("shÖP") == found("shÖp") == ["e"]
    assert found("shöp") == []
    assert found("%_") == sorted([*found("shop"), "e"]) == [uid for uid in every if uid != "c"]
    assert found("_shop") == found("\\") == found("%%") == []
    assert found(every[0]) != []
    assert found("x" * 100_000) == []


def test_what_there_is_to_choose_from_is_known_to_both(workspace: Workspace) -> None:
    data = workspace.settings.data_path
    assert finding.rows_of(data, "known_regions") == [("",), ("EMEA",)]
    assert sorted(finding.rows_of(data, "known_csms")) == [("Ana", None), ("Ben", None)]
    owned = [row["csm_name_now"] for row in workspace.table("churns").to_pylist()]
    assert open_csms(data) == {(name, None): owned.count(name) for name in set(owned)}


def test_every_case_of_an_account_that_was_once_called_so_is_found(workspace: Workspace) -> None:
    for search in ("%shop%", "%b%", r"%\%\_%", "%nobody%"):
        for product in (None, "payments", "other"):
            asked = {"search": search, "product": product, "many": 1_000}
            found = finding.matching(workspace.settings.data_path, search, product, 1_000)
            assert sorted(found) == sorted(database.rows("matching", asked))
            assert bool(found) == (search != "%nobody%" and product != "other")
    assert len(finding.matching(workspace.settings.data_path, "%", None, 3)) == 3


def test_soon_lost_are_those_whose_day_is_near(workspace: Workspace) -> None:
    query = Query(day(9.5))
    rows_at_risk = of_pages(workspace, "at_risk", query, Wanted(), Order())
    soon = of_pages(workspace, "at_risk", query, Wanted(lost_within=dt.timedelta(days=4)), Order())
    limit = query.at + dt.timedelta(days=4) - dt.timedelta(days=6)
    assert sorted_rows(soon) == sorted_rows([row for row in rows_at_risk if row["churned_at"] <= limit])
    assert 0 < len(soon) < len(rows_at_risk)
