"""A trend says of each of its moments what the KPIs say of it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.programme import Programme, accounts, day, rows
from winback.core.moments import format_moment
from winback.errors import UsageError
from winback.store import copies, remembered, trend

FIGURES = ("at_risk", "churned", "won", "recovered")
FILTERS: list[dict[str, Any]] = [{}, {"region": "EMEA"}, {"csm": "Dana"}, {"csm": "Lee", "region": "EMEA"}]
pytestmark = pytest.mark.rule("R7.1")


def eventful(folder: Path) -> Programme:
    """Losses by age and by claim, a claim taken back, a win-back and a churn again, an adoption that churns, a void
    case, another owner."""
    programme = Programme(folder, "[cases]\nlost_after_days = 6")
    cells = {"csm_name": "Dana", "region": "EMEA", "gmv": "10", "revenue": "1.5"}
    words = accounts(30, start=10)
    of = {"m0": {"region": "APAC"}, "m5": {"csm_name": "Lee"}}
    programme.pull(1, rows(f"m0+ m1+ m2+ m3+ m4+ m5- m6+ {words}", cells, **of))
    programme.pull(2, rows(f"m0- m1- m2- m3+ m4- m5+ m6- {words}", cells, **of))
    programme.pull(4, rows(f"m0- m1+ m2- m3- m4- m5+ m6- {words}", cells, m2={"csm_name": "Lee"}))
    with programme.open(day(5.5)) as workspace:
        workspace.claim("m0", "lost", csm="Dana", at=day(5))
        workspace.claim("m3", "lost", csm="Dana", at=day(5))
        workspace.claim("m3", "won", csm="Dana", at=day(5.5))
    programme.pull(6, rows(f"m0- m1- m2+ m3- m4- m5- m6- {words}", cells, m2={"csm_name": "Lee"}))
    programme.void("m6")
    programme.pull(9, rows(f"m0+ m1- m2+ m3+ m4- m5- m6- {words}", cells))
    return programme


def trend_of(programme: Programme, at: float | None, **asked: Any) -> dict[str, Any]:
    with programme.open() as workspace:
        return workspace.trend(at=None if at is None else day(at), **asked)


def test_each_moment_has_the_figures_that_the_kpis_have(tmp_path: Path) -> None:
    programme = eventful(tmp_path)
    with programme.open() as workspace:
        for at, filters in itertools.product((9.25, 14), FILTERS):
            found = workspace.trend(at=day(at), days=5, **filters)["days"]
            assert len(found) == 6
            for before, of_day in enumerate(reversed(found)):
                kpis = workspace.kpis(at=day(at - before), **filters)
                totals = {name: {each: kpis[name][each] for each in ("accounts", "gmv", "revenue")} for name in FIGURES}
                assert of_day == {"at": kpis["at"], **totals}


def test_it_has_the_heading_of_the_kpis_and_the_oldest_moment_first(tmp_path: Path) -> None:
    programme = eventful(tmp_path)
    found, kpis = trend_of(programme, 9, region="EMEA"), programme.kpis(day(9), region="EMEA")
    heading = ("at", "product", "region", "csm", "currency", "revenue_period")
    assert {name: found[name] for name in heading} == {name: kpis[name] for name in heading}
    assert [of_day["at"] for of_day in found["days"]] == [
        format_moment(day(9) - timedelta(hours=24 * before)) for before in range(90, -1, -1)
    ]


def test_a_trend_of_less_than_no_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="0: -1 is less"):
        trend_of(Programme(tmp_path), 1, days=-1)


def test_those_of_now_and_of_the_last_pull_are_answered_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_MANY", 0)
    monkeypatch.setattr(remembered, "_A_MINUTE", 0)
    programme = eventful(tmp_path)
    counted: list[int] = []
    count = trend.trend

    def counting(*asked: Any) -> dict[str, Any]:
        counted.append(asked[1]["at"])
        return count(*asked)

    monkeypatch.setattr(trend, "trend", counting)
    assert trend_of(programme, 9)["days"][-1]["at_risk"]["accounts"] == 2
    programme.now = day(9.25)
    kept = trend_of(programme, None)
    assert counted == []
    assert kept["days"] == trend_of(programme, 9.25, days=91)["days"][1:]
    # Half a day after the pull there is another number of days since the claim that was taken back.
    programme.now = day(9.5)
    assert trend_of(programme, None) == trend_of(programme, None)
    with programme.open() as workspace:
        workspace.claim("m5", "lost", csm="Lee", at=day(9.25))
    assert trend_of(programme, None)["days"][-1]["churned"]["accounts"] == 2
    assert len(counted) == 3
