"""The API of workspaces that other tests have no part in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.programme import Programme, day, rows
from tests.web.api_user import Api, shown
from tests.web.opened import Pages, opened, played
from winback.access.keys import make_key
from winback.core.roles import Role
from winback.web import site


def test_rejected_rows_and_histories_of_several_pulls_in_pages(tmp_path: Path) -> None:
    programme = Programme(tmp_path, product="[products.payments.guard]\nmax_rejected = 1")
    for number in (1, 2, 3):
        programme.pull(number, rows("a+ b+ x? y? z?" if number != 2 else "a+ b+ q?"))
    with opened(programme) as pages:
        api = Api(pages)
        found = shown(pages, "rejected")
        assert len(found) == 7
        for limit in (1, 2, 3, 5, 7):
            assert api.rows(f"tables/rejected?limit={limit}") == found


def test_an_account_with_any_sign_in_its_uid(tmp_path: Path) -> None:
    uid = "a/b ?#é%"
    programme = Programme(tmp_path)
    programme.pull(1, [{"uid": uid, "is_product_enabled": "true"}])
    with opened(programme) as pages:
        assert Api(pages).get(f"accounts/payments/{quote(uid, safe='')}").json()["uid"] == uid


# Held out (rules.md R6.6)


@pytest.fixture
def held_out(tmp_path: Path) -> Iterator[Api]:
    """a, b and c churn on day 3, b comes back on day 5: all held out."""
    settings = '[cases]\nholdout = 1.0\n[people."Lee"]\nemail = "lee@shop.example"'
    programme = Programme(tmp_path, settings, product="[products.payments.guard]\nmin_accounts = 99")
    programme.pull(1, rows("a+ b+ c+ d+"))
    programme.pull(3, rows("a- b- c- d+"))
    programme.pull(5, rows("a- b+ c- d+"))
    programme.now = day(6)
    with opened(programme) as pages:
        yield Api(pages)


@pytest.mark.rule("R6.6")
@pytest.mark.parametrize(
    "address",
    [
        *(f"tables/{name}" for name in ("at_risk", "churns", "wins", "readopted", "cases", "claims")),
        "tables/at_risk?at=2027-01-01",
        "tables/cases?limit=1",
    ],
)
def test_a_csm_hears_of_held_out_cases_from_day_30(held_out: Api, address: str) -> None:
    """Of the day when they ask, whatever moment they ask about."""
    workspace = held_out.pages.workspace
    workspace.claim("a", "lost", "Lee", reason="Price")
    there, etag = held_out.rows(address, "manager"), held_out.get(address, "csm")["ETag"]
    assert there
    assert held_out.rows(address, "csm") == []
    workspace._now = day(33) - dt.timedelta(minutes=1)
    assert held_out.rows(address, "csm") == []
    workspace._now = day(33)
    assert held_out.rows(address, "csm") == held_out.rows(address, "manager") != []
    assert held_out.get(address, "csm", etag=etag).status_code == 200


@pytest.mark.rule("R6.6")
@pytest.mark.parametrize("address", ["tables/history", "tables/report?pull=2"])
def test_a_report_does_not_give_them_away(held_out: Api, address: str) -> None:
    def uids(role: Role) -> list[str]:
        return [row["uid"] for row in held_out.rows(address, role)]

    assert uids("manager") == list("abcd")
    assert uids("csm") == ["d"]
    held_out.pages.workspace._now = day(33)
    assert uids("csm") == list("abcd")


@pytest.mark.rule("R6.6")
def test_nor_do_the_rows_of_one_account(held_out: Api) -> None:
    assert held_out.get("accounts/payments/a", "manager").json()["cases"]
    assert held_out.get("accounts/payments/a", "csm").status_code == 404
    assert held_out.get("accounts/payments/b", "csm").status_code == 404
    assert held_out.get("accounts/payments/d", "csm").json()["history"]["uid"] == "d"


def test_it_is_sent_again_when_anything_was_written(tmp_path: Path) -> None:
    with opened(played(tmp_path)) as pages:
        api, workspace = Api(pages), pages.workspace
        cases = [row["case_id"] for row in shown(pages, "cases") if row["uid"] == "b"]
        writes: list[Callable[[], object]] = [
            lambda: workspace.claim("b", "won", "Ana", reason="Other"),
            lambda: workspace.set_person("Ana", country="ES"),
            lambda: workspace.reassign(cases, "Ben", by="test"),
            lambda: workspace.void(cases[0], "wrong"),
            lambda: workspace.pull("payments", written(tmp_path), day(11)),
            lambda: workspace.undo(shown(pages, "pulls")[0]["pull_id"], "wrong", by="test"),
        ]
        for write in writes:
            before = api.get("tables/cases?at=2026-11-12T09:00Z")["ETag"]
            assert api.get("tables/cases?at=2026-11-12T09:00Z")["ETag"] == before
            write()
            assert api.get("tables/cases?at=2026-11-12T09:00Z")["ETag"] != before


def written(folder: Path) -> Path:
    path = folder / "report_20261111.csv"
    path.write_text("uid,is_product_enabled\n" + "".join(f"{uid},true\n" for uid in "abcden"), encoding="utf-8")
    return path


def test_now_is_another_minute_later(tmp_path: Path) -> None:
    programme = played(tmp_path)
    etags = {}
    for seconds in (0, 59, 60):
        programme.now = day(12) + dt.timedelta(seconds=seconds)
        with programme.open() as workspace:
            site.prepare(workspace)
            pages = Pages.__new__(Pages)
            pages.workspace = workspace
            etags[seconds] = asked_of(workspace, pages)
    assert etags[0][0] == etags[59][0] != etags[60][0]
    assert etags[0][1] == etags[59][1] == etags[60][1]


def asked_of(workspace: Any, pages: Pages) -> tuple[str, str]:
    """ETags of now and of a moment."""
    from winback.access.models import User
    from winback.access.users import make_user

    email = "key@shop.example"
    user = User.objects.filter(email=email).first() or make_user(email, "", "viewer", None, "test", workspace.now())
    headers = {"Authorization": f"Bearer {make_key(user, 'x', None, workspace.now())}"}
    client = pages.client(None)
    now, then = (client.get(f"/api/v1/kpis{query}", headers=headers)["ETag"] for query in ("", "?at=2026-11-10"))
    return now, then
