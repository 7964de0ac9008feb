"""docs/kpis.md names every figure of the KPI document, with the value that the dummy data gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests import sessions
from winback import make_workspace, open_workspace
from winback.demo import data_folder

PAGE = sessions.ROOT / "docs" / "kpis.md"
T = "2026-11-07T09:00Z"
PULLS = {"historical_data_set.csv": "2026-11-02T09:00Z", "day_2.csv": "2026-11-05T09:00Z", "day_3.csv": T}
SETTINGS = """
[cases]
holdout = 0.02
[products.payments]
report = "unused.csv"
[products.payments.columns]
uid = "UID"
merchant_name = "Merchant"
csm_name = "CSM"
csm_email = "CSM email"
changed_at = "Status changed"
[crm.files]
path = "{folder}/activities.csv"
"""
HEADING = {"at", "product", "region", "csm", "currency", "revenue_period"}


def shown() -> dict[str, str]:
    """Dotted path of a figure → the value in the last cell of its row."""
    text = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+\.[^`]+)` \|.*\| `([^`]+)` \|$", text, flags=re.MULTILINE))


def value_at(document: dict[str, Any], path: str) -> Any:
    found: Any = document
    for name in path.split("."):
        is_by_csm = isinstance(found, list)
        found = next(row for row in found if row["csm_name"] == name) if is_by_csm else found[name]
    return found


def names_in(document: Any) -> Iterator[str]:
    """Names of figures at every depth; the names of regions and CSMs are content."""
    if isinstance(document, list):
        for row in document:
            yield from names_in(row)
    elif isinstance(document, dict):
        for name, inner in document.items():
            yield name
            if name != "by_region":
                yield from names_in(inner)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("kpis")
    make_workspace(folder, SETTINGS.format(folder=data_folder().as_posix()))
    with (folder / "messages.txt").open("w") as output, open_workspace(folder, output=output) as workspace:
        for report, at in PULLS.items():
            workspace.pull("payments", data_folder() / report, at)
        assert [gathered.failed for gathered in workspace.gather_activities()] == [None]
        workspace.import_claims(data_folder() / "claims.csv")
        return workspace.kpis(at=T)


@pytest.mark.parametrize("path", shown())
def test_the_value_shown_is_that_of_the_dummy_data(document: dict[str, Any], path: str) -> None:
    assert json.loads(shown()[path]) == value_at(document, path)


def test_every_figure_is_on_the_page(document: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    silent = {
        name for name in names_in(document) if not re.search(rf"`(?:[^`]*\.)?{re.escape(name)}(?:\.[^`]*)?`", text)
    }
    assert silent - HEADING - {"csm_name", "csm_email"} == set()
