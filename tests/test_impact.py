"""`winback impact`: curves, weeks, what lasts and what it is worth, of small programmes that can be counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.programme import LENIENT, Programme, day, moment, rows
from winback.core.holdout import arm_of
from winback.store.models import Case
from winback.terminal.impact import print_impact

pytestmark = [pytest.mark.rule("R6.6"), pytest.mark.only_on("sqlite", "postgresql")]
HALF = "[cases]\nholdout = 0.5\n" + LENIENT
OTHERS = "x+ y+ z+"


def impact(programme: Programme, at: float, **filters: Any) -> dict[str, Any]:
    with programme.open(day(at)) as workspace:
        return workspace.impact(at=day(at), **filters)


def churned(folder: Path, settings: str = HALF, workspace: str = "") -> Programme:
    """a to d churn on day 2 (a Monday); a is back on day 4, b on day 9 and churns again on day 30, c on day 40."""
    programme = Programme(folder, settings, workspace=workspace)
    every = {"revenue": 100, "csm_name": "Dana"}
    of: dict[str, Any] = {"a": {"region": "EMEA", "csm_name": "dana"}, "d": {"revenue": ""}}
    for number, words in [
        (1, "a+ b+ c+ d+"),
        (2, "a- b- c- d-"),
        (4, "a+ b- c- d-"),
        (9, "a+ b+ c- d-"),
        (30, "a+ b- c- d-"),
        (40, "a+ b- c+ d-"),
    ]:
        programme.pull(number, rows(f"{words} {OTHERS}", every, **of))
    return programme


def test_curves_follow_every_case_as_long_as_it_was_seen(tmp_path: Path) -> None:
    """By day 42: a came back after 2 days, b after 7, c after 38; d was followed for 40, and b's second case for 12."""
    curves = impact(churned(tmp_path), 42)["curves"]
    everybody = curves["all"]
    assert (everybody["cases"], everybody["recovered"], everybody["followed_days"]) == (5, 3, 40)
    assert [(step["day"], step["share"], step["followed"]) for step in everybody["steps"]] == [
        (2, 0.2, 5),
        (7, 0.4, 4),
        (38, 0.7, 2),
    ]
    assert everybody["by_day"] == {"1": 0.0, "3": 0.2, "7": 0.4, "14": 0.4, "30": 0.4, "60": None, "90": None}
    assert everybody["median_days"] == 38
    assert {name: curve["cases"] for name, curve in curves["by_region"].items()} == {"": 4, "EMEA": 1}
    assert [(each["csm_name"], each["cases"]) for each in curves["by_csm"]] == [("Dana", 4), ("dana", 1)]
    assert sum(curve["cases"] for curve in curves["by_arm"].values()) == 5
    assert all(step["day"] <= 30 for curve in curves["by_arm"].values() for step in curve["steps"])


def test_who_is_followed_counts_on_each_day_on_which_anybody_of_another_region_is_back(tmp_path: Path) -> None:
    """By day 10: s came back after 3 days, r after 6, both in B; in A p was followed for 7 days, and q for 8."""
    programme = Programme(tmp_path, LENIENT)
    of: dict[str, Any] = {uid: {"region": "A" if uid in "pq" else "B"} for uid in "pqrs"}
    for number, words in [
        (1, "p+ q+ r+ s+"),
        (2, "p+ q- r+ s+"),
        (3, "p- q- r- s-"),
        (6, "p- q- r- s+"),
        (9, "p- q- r+ s+"),
    ]:
        programme.pull(number, rows(f"{words} {OTHERS}", {"csm_name": "Dana"}, **of))
    curves = impact(programme, 10)["curves"]
    followed = {
        name: (curve["followed_days"], [(step["day"], step["followed"]) for step in curve["steps"]])
        for name, curve in {"all": curves["all"], **curves["by_region"]}.items()
    }
    assert followed == {"all": (8, [(3, 4), (6, 3)]), "A": (8, []), "B": (6, [(3, 2), (6, 1)])}


def test_what_happens_in_the_running_day_counts_from_tomorrow(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    assert impact(programme, 4)["curves"]["all"]["recovered"] == 1
    assert impact(programme, 3.999)["curves"]["all"]["recovered"] == 0
    programme.pull(44, rows(f"a+ b- c+ d- {OTHERS}"))
    programme.pull(45, rows(f"a- b- c+ d- {OTHERS}"))
    programme.pull(moment("2026-12-15T21:00"), rows(f"a+ b- c+ d- {OTHERS}"))
    assert impact(programme, 45.9)["curves"]["all"]["recovered"] == 3
    assert impact(programme, 46)["curves"]["all"]["recovered"] == 4


def test_weeks_begin_on_monday_by_the_workspaces_clock(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    first, then = impact(programme, 42)["cohorts"]
    assert first == {
        "week": "2026-11-02",
        "cases": 4,
        "recovered": 3,
        "within_7_days": 0.5,
        "within_30_days": 0.5,
        "within_90_days": None,
        "revenue": "300.00",
        "revenue_recovered": "300.00",
    }
    assert (then["week"], then["cases"], then["within_7_days"]) == ("2026-11-30", 1, None)
    assert [each["within_30_days"] for each in impact(programme, 37)["cohorts"]] == [None, None]


def test_a_week_is_local(tmp_path: Path) -> None:
    """09:00 UTC on Monday is 23:00 on Sunday in Honolulu."""
    programme = churned(tmp_path, workspace='timezone = "Pacific/Honolulu"')
    assert [each["week"] for each in impact(programme, 42)["cohorts"]] == ["2026-10-26", "2026-11-23"]


def test_how_many_are_still_enabled_30_and_90_days_after_they_came_back(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    lasting = impact(programme, 39)["still_enabled"]
    assert lasting["after_30_days"] == {"win_backs": 2, "enabled": 1, "share": 0.5}
    assert lasting["after_90_days"] == {"win_backs": 0, "enabled": 0, "share": None}
    programme.void("b")
    assert impact(programme, 39)["still_enabled"]["after_30_days"] == {"win_backs": 2, "enabled": 2, "share": 1.0}
    assert impact(programme, 39, region="EMEA")["still_enabled"]["after_30_days"]["win_backs"] == 1


def test_where_accounts_churn_again_their_first_cases_are_told_apart(tmp_path: Path) -> None:
    found = impact(churned(tmp_path), 61)["impact"]
    assert found["holdout"] + found["messaged"] == 5
    assert found["first_cases"]["holdout"] + found["first_cases"]["messaged"] == 4


def test_the_three_values_side_by_side(tmp_path: Path) -> None:
    """Of 240 held out a tenth, of as many messaged a half is back."""
    uids = [f"m{number}" for number in range(520)]
    held = [uid for uid in uids if arm_of("payments", uid, 0.5) == "held_out"][:240]
    told = [uid for uid in uids if arm_of("payments", uid, 0.5) == "messaged"][:240]
    programme = Programme(tmp_path, HALF + "[messages]\nmax_per_run = 1\n")
    every = {"revenue": 10}
    for number, off in ((1, []), (2, held + told), (10, held[24:] + told[120:])):
        words = " ".join(f"{uid}{'-' if uid in set(off) else '+'}" for uid in held + told)
        programme.pull(number, rows(f"{words} {OTHERS}", every), messages=False)
    before, found = impact(programme, 31), impact(programme, 33)
    assert before["value"]["observed"] == {"accounts": 144, "revenue": "1440.00"}
    nothing = {"accounts": None, "revenue": None, "low": None, "high": None, "of": {"cases": 0, "revenue": "0.00"}}
    assert before["value"]["incremental"] == nothing
    assert (before["impact"]["verdict"], before["impact"]["needed"]) == ("too few cases to say", None)
    assert found["impact"]["verdict"] == "more came back"
    assert found["impact"]["needed"] == {
        "holdout": 388,
        "messaged": 388,
        "holdout_missing": 148,
        "messaged_missing": 148,
    }
    added = found["value"]["incremental"]
    assert (added["accounts"], added["revenue"], added["of"]) == (96.0, "960.00", {"cases": 240, "revenue": "2400.00"})
    assert float(added["low"]) < 960 < float(added["high"])
    assert found["impact"]["lift"] == programme.kpis(day(33))["impact"]["lift"] == 0.4


def test_baseline_cases_are_in_no_curve(tmp_path: Path) -> None:
    programme = Programme(tmp_path, HALF, product='mode = "presence"')
    programme.pull(1, "a b c d e f g")
    programme.pull(2, "a b c d e f g h")
    found = impact(programme, 3)
    assert (found["curves"]["all"]["cases"], [each["cases"] for each in found["cohorts"]]) == (1, [1])
    with programme.open():
        assert Case.objects.filter(baseline=True).count() == 7


@pytest.mark.parametrize(
    ("settings", "at", "said"),
    [
        (LENIENT, 42, "No account is held out, so that nobody knows"),
        (HALF, 20, "Too few cases to say: none with a holdout is 30 days old."),
        (HALF, 42, "held-out and 386 messaged cases are still needed, at least 30 days old."),
    ],
)
def test_what_a_person_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, at: float, said: str
) -> None:
    print_impact(impact(churned(tmp_path, settings), at))
    shown = capsys.readouterr().out
    assert said in " ".join(shown.split())
    assert "observed: all win-backs" in shown


def test_before_anything_was_pulled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = impact(Programme(tmp_path), 1)
    assert json.loads(json.dumps(found)) == found
    print_impact(found)
    assert "No account is held out" in capsys.readouterr().out
