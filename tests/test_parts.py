"""Parts of the tables of cases, as the API asks for them: found in the copy where there is one, else in SQL."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests import backing
from tests.naive.episodes import Filter
from tests.programme import Programme, day, rows
from tests.sameness import View, part_differences
from winback.errors import WinbackError
from winback.store import copies, finding
from winback.store import pages as stored_pages
from winback.store.tables import Span

GUARD = "[products.payments.guard]\nmin_accounts = 1000\n"
SETTINGS = "[cases]\nlost_after_days = 3\nholdout = 0.4\n"
REGIONS, CSMS = ("EMEA", "APAC", None), ("Ana", "Ben", None)
PULLS = 8
VIEWS = [
    View(day(at), product, Filter(region, csm))
    for at, product, region, csm in [
        (PULLS, None, None, None),
        (PULLS, "payments", "EMEA", None),
        (PULLS, None, "", "Ana"),
        (5, None, None, "Ben"),
        (4, "payments", None, ""),
        (1, None, None, None),
    ]
]


def report(rng: random.Random, uids: list[str]) -> list[dict[str, object]]:
    """Each is off every other day or so, and now and then somebody else's."""
    of: dict[str, dict[str, Any]] = {
        uid: {"region": REGIONS[place % 3], "csm_name": rng.choice(CSMS), "merchant_name": f"Shop {uid}"}
        for place, uid in enumerate(uids)
    }
    return rows(" ".join(f"{uid}{rng.choice('+-')}" for uid in uids), **of)


@pytest.fixture(scope="module")
def programme(stands_on: backing.Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """Of sixty accounts there is everything: lost, won back, new, held out, void; some since the copy was made."""
    rng = random.Random(7)
    uids = [f"u{number}" for number in rng.sample(range(1000), 60)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "_MANY", 0)
        played = Programme(tmp_path_factory.mktemp("parts"), SETTINGS, product=GUARD)
        for at in range(1, PULLS + 1):
            played.pull(at, report(rng, uids))
        for uid in sorted(played.uids("at_risk"))[:3]:
            played.void(uid)
        yield played


def has_copy(programme: Programme) -> bool:
    with programme.open():
        return finding.has_parts(programme.folder / "data", "cases")


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_parts_of_a_table_are_the_table(programme: Programme, view: View) -> None:
    assert has_copy(programme)
    with programme.open() as workspace:
        for seen_at in (None, view.at):
            assert list(part_differences(workspace, view, seen_at)) == []


def test_without_a_copy_too(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "find", lambda _: None)
    assert not has_copy(programme)
    with programme.open() as workspace:
        assert list(part_differences(workspace, VIEWS[0], VIEWS[0].at)) == []


def test_there_is_some_of_everything(programme: Programme) -> None:
    """Else the test above says little."""
    cases = programme.table("cases")
    assert {row["status"] for row in cases} == {"at_risk", "lost", "won", None}
    assert {row["holdout"] for row in cases} == {True, False}
    assert any(row["csm_name"] != row["csm_name_now"] for row in cases)
    assert {row["kind"] for row in programme.table("wins")} == {"win_back", "new_adoption"}
    assert len({row["won_at"] for row in programme.table("wins")}) > 2
    with programme.open() as workspace:
        seen = workspace.read("cases", at=day(PULLS), seen_at=day(PULLS))
        assert 0 < sum(map(len, seen.batches)) < len(cases)


def test_what_is_undone_meanwhile_does_not_pass_for_the_end(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = stored_pages.of_cases
    monkeypatch.setattr(stored_pages, "of_cases", lambda *asked: read(*asked)[:-1])
    with programme.open() as workspace, pytest.raises(WinbackError, match="undone just then: ask again"):
        workspace.read("cases", span=Span(5))
