"""The made-up company has something to show on every page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.opened import DEMO_NOW, Pages
from tests.web.test_doors import DOORS
from winback.demo.world import DAYS
from winback.web import site
from winback.workspace import open_workspace


@pytest.mark.timeout(600)
def test_ninety_days_fill_every_page(demo: Path) -> None:
    with open_workspace(demo, now=DEMO_NOW) as workspace:
        site.prepare(workspace)
        pages = Pages(workspace)
        pulls = workspace.table("pulls").to_pylist()
        assert len(pulls) == DAYS
        assert [pull["at"].day for pull in pulls if pull["status"] == "held"] == [29]
        assert sum(pull["status"] == "rejected" for pull in pulls) == 1
        kpis = workspace.kpis()
        assert all(kpis["credit"][name]["accounts"] for name in kpis["credit"])
        assert all(kpis["claims"]["won"].values())
        assert kpis["impact"]["holdout"]
        assert kpis["usefulness"]["answered"]
        assert kpis["won"]["new_adoptions"]
        for address, least in DOORS.items():
            if least is not None and address not in ("/sign-out/",):
                assert pages.get("admin", address).status_code in (200, 302, 404, 405), address
