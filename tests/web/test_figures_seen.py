"""Figures that CSMs see have no held-out case younger than thirty days in them (rules.md R6.6), as tables have none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import backing
from tests.programme import day, rows
from tests.web.api_user import Api
from tests.web.opened import Pages, opened, played
from winback.core.roles import Role
from winback.store import copies
from winback.store.models import Case

pytestmark = pytest.mark.rule("R6.6")
# Of three accounts at risk one is Ana's and held out: 25,000 of GMV.
HIDDEN = "b"


@pytest.fixture(scope="module", params=[True, False], ids=["copied", "plain"])
def shop(
    stands_on: backing.Backing, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Pages]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param:
            patch.setattr(copies, "_MANY", 0)
        programme = played(tmp_path_factory.mktemp("shop"))
        with programme.open():
            Case.objects.filter(uid=HIDDEN).update(arm="held_out", holdout_share=0.5)
        programme.pull(11, rows("a+ b- c- d- e+ n+", {"csm_name": "Ana"}))
        programme.now = day(12)
        with opened(programme) as pages:
            yield pages


def at_risk(pages: Pages, **asked: Any) -> tuple[int, str]:
    found = pages.workspace.kpis(**asked)["at_risk"]
    return found["accounts"], found["gmv"]


def test_all_figures_leave_it_out(shop: Pages) -> None:
    workspace, now = shop.workspace, shop.workspace.now()
    for asked in ({}, {"at": now}, {"csm": "Ana"}, {"region": "EMEA"}, {"at": day(10)}):
        every, seen = at_risk(shop, **asked), at_risk(shop, **asked, seen_at=now)
        assert (every[0] - seen[0], float(every[1]) - float(seen[1])) == (1, 25_000), asked
    assert at_risk(shop, seen_at=day(45)) == at_risk(shop)
    for seen_at, churned in ((None, 4), (now, 3), (day(45), 4)):
        assert workspace.trend(days=3, seen_at=seen_at)["days"][-1]["at_risk"] == {
            name: workspace.kpis(seen_at=seen_at)["at_risk"][name] for name in ("accounts", "gmv", "revenue")
        }
        assert workspace.flows(day(1), now, seen_at=seen_at)["churns"]["accounts"] == churned
        months = workspace.months(seen_at=seen_at)["months"]
        assert sum(month["churns"]["accounts"] for month in months) == churned
        assert workspace.impact(seen_at=seen_at)["curves"]["all"]["cases"] == churned


@pytest.mark.parametrize(("role", "count"), [("csm", 1), ("viewer", 2), ("manager", 2)])
def test_the_overview_has_what_its_link_leads_to(shop: Pages, role: Role, count: int) -> None:
    api = Api(shop)
    assert api.get("kpis", role).json()["at_risk"]["accounts"] == count
    assert len(api.rows("tables/at_risk", role)) == count
    for address in ("/", "/csms/", "/months/", "/impact/", "/trend/"):
        assert shop.get(role, address).status_code == 200
    content = shop.get(role, "/csms/").content.decode()
    assert ("25.8k" in content) == (role != "csm")
