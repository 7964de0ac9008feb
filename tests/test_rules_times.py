"""rules.md R7.2 and R7.4: figures by time, at the exact limits, and durations."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.programme import LENIENT, NOTHING, Programme, day, figure, in_bands, rows, total

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
NEVER = '[cases]\nlost_after_days = "never"\n'
BANDS = ["L24HRS", "L48HRS", "L72HRS", "L30", "L60", "L90", "L>90"]
ENGAGE = ["count", "median", "mean", "within_24h", "within_48h", "within_72h"]
LIMITS = [24 * HOUR, 48 * HOUR, 72 * HOUR, 30 * DAY, 60 * DAY, 90 * DAY]
# Exactly at each limit, and a second older.
AGES = [age for limit in LIMITS for age in (limit, limit + SECOND)]


def within_bands(document: dict[str, Any]) -> list[int]:
    return [document["by_time"][band]["within"]["accounts"] for band in BANDS]


# By time


@pytest.mark.rule("R7.2")
def test_bands_of_time_at_risk_hold_their_upper_limit(tmp_path: Path) -> None:
    programme = Programme(tmp_path, NEVER, product='mode = "presence"')
    words = " ".join(f"m{number}" for number in range(len(AGES)))
    moments = {f"m{n}": {"changed_at": (day(0) - age).isoformat(), "gmv": 2**n} for n, age in enumerate(AGES)}
    programme.pull(0, rows(words, {"revenue": "0.5"}, **moments))
    at_risk = programme.kpis()["at_risk"]
    assert in_bands(at_risk) == [1, 2, 2, 2, 2, 2, 1]
    assert within_bands(at_risk) == [1, 3, 5, 7, 9, 11, 12]
    by_time = at_risk["by_time"]
    assert list(by_time) == BANDS
    assert [by_time[band]["gmv"] for band in BANDS[:3]] == ["1.00", "6.00", "24.00"]
    assert [by_time[band]["within"]["gmv"] for band in BANDS[:3]] == ["1.00", "7.00", "31.00"]
    assert by_time["L>90"]["within"] == total(at_risk) == figure(12, "4095.00", "6.00")


@pytest.mark.rule("R7.2")
def test_bands_of_lost_accounts_count_from_the_loss(tmp_path: Path) -> None:
    programme = Programme(tmp_path, "[cases]\nlost_after_days = 5", product='mode = "presence"')
    words = " ".join(f"m{number}" for number in range(len(AGES)))
    moments = {f"m{n}": {"changed_at": (day(0) - 5 * DAY - age).isoformat()} for n, age in enumerate(AGES)}
    programme.pull(0, rows(words, **moments))
    figures = programme.kpis()
    assert in_bands(figures["churned"]) == in_bands(figures["credit"]["self_service_losses"]) == [1, 2, 2, 2, 2, 2, 1]
    assert total(figures["at_risk"]) == NOTHING


@pytest.mark.rule("R7.2", "R7.3")
def test_bands_of_wins_count_from_the_win(tmp_path: Path) -> None:
    """Twelve win-backs and twelve new adoptions; the account `other` is there on all days."""
    programme = Programme(tmp_path, LENIENT + NEVER)
    backs = " ".join(f"m{number}+" for number in range(len(AGES)))
    adopted = backs.replace("m", "n")
    off = f"{backs} {adopted}".replace("+", "-")
    moments = {
        f"{letter}{n}": {"changed_at": (day(0) - age).isoformat()} for letter in "mn" for n, age in enumerate(AGES)
    }
    programme.pull(-300, f"{backs} {adopted.replace('+', '-')} other+")
    programme.pull(-200, f"{off} other+")
    programme.pull(0, rows(f"{backs} {adopted} other+", **moments), now=200)
    figures = programme.kpis(at=0)
    expected = [1, 2, 2, 2, 2, 2, 1]
    assert in_bands(figures["won"]) == [2 * many for many in expected]
    assert in_bands(figures["recovered"]) == in_bands(figures["credit"]["self_service_wins"]) == expected


# Durations


@pytest.mark.rule("R7.4")
@pytest.mark.parametrize(
    ("ages", "median", "mean"),
    [
        ([], None, None),
        ([10], 10, 10),
        ([10, 50], 30, 30),
        ([50, 10, 30.5], 30.5, 30.17),
        ([1, 100, 2, 5], 3.5, 27),
    ],
)
def test_time_since_churn_has_count_median_and_mean(
    tmp_path: Path, ages: list[float], median: float | None, mean: float | None
) -> None:
    programme = Programme(tmp_path, product='mode = "presence"')
    moments = {f"m{n}": {"changed_at": (day(0) - age * HOUR).isoformat()} for n, age in enumerate(ages)}
    programme.pull(0, rows(" ".join(moments) or "x", x={"changed_at": (day(0) - 100 * DAY).isoformat()}, **moments))
    assert programme.kpis()["time_since_churn_hours"] == {"count": len(ages), "median": median, "mean": mean}


@pytest.mark.rule("R7.4")
def test_turnover_time_is_of_the_win_backs_in_wins(tmp_path: Path) -> None:
    """d is re-churned, and e is no win-back."""
    programme = Programme(tmp_path)
    for number, words in enumerate(
        ["a+ b+ c+ d+ e- f+", "a- b- c- d- e+ f+", "a+ b- c- d+ e+ f+", "a+ b+ c- d- e+ f+", "a+ b+ c- d- e+ f+"],
        start=1,
    ):
        programme.pull(number, words)
    assert programme.kpis()["turnover_hours"] == {"count": 2, "median": 36, "mean": 36}
    assert programme.kpis(at=3)["turnover_hours"] == {"count": 2, "median": 24, "mean": 24}


@pytest.mark.rule("R7.4")
def test_nobody_has_engaged_yet_of_the_cases_that_are_old_enough(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    found = programme.kpis()["engage_hours"]
    assert {name: found[name] for name in ENGAGE} == dict.fromkeys(ENGAGE) | {"count": 0}
    programme.pull(1, "a+ b+")
    programme.pull(2, "a- b+")
    for at, shares in (
        (day(3) - SECOND, [None, None, None]),
        (day(3), [0.0, None, None]),
        (day(4), [0.0, 0.0, None]),
        (day(5), [0.0, 0.0, 0.0]),
    ):
        programme.now = at
        found = programme.kpis()["engage_hours"]
        assert [found[name] for name in ENGAGE] == [0, None, None, *shares]
