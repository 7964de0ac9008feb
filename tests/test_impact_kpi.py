"""`impact` of the KPI document (rules.md R6.6): which cases are compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.programme import LENIENT, Programme, day, rows
from winback.core.holdout import arm_of

pytestmark = [pytest.mark.rule("R6.6"), pytest.mark.only_on("sqlite", "postgresql")]
HALF = "[cases]\nholdout = 0.5\nlost_after_days = 5\n" + LENIENT
UIDS = [f"m{number}" for number in range(24)]
HELD = [uid for uid in UIDS if arm_of("payments", uid, 0.5) == "held_out"]
TOLD = [uid for uid in UIDS if uid not in HELD]
NOTHING = {"lift": None, "low": None, "high": None}


def report(off: list[str], others: str = "x+ y+") -> list[dict[str, object]]:
    of: Any = {uid: {"region": "EMEA" if uid in TOLD[:4] + HELD[:3] else "APAC"} for uid in UIDS}
    return rows(" ".join([*(f"{uid}{'-' if uid in off else '+'}" for uid in UIDS), others]), None, **of)


def churned(folder: Path) -> Programme:
    """All on day 2; four of those told are back on day 9, and two of those held out."""
    programme = Programme(folder, HALF)
    programme.pull(1, report([]))
    programme.pull(2, report(UIDS))
    programme.pull(9, report(TOLD[4:] + HELD[2:]))
    return programme


def impact(programme: Programme, at: float, **filters: Any) -> dict[str, Any]:
    found: dict[str, Any] = programme.kpis(day(at), **filters)["impact"]
    return found


def counted(programme: Programme, at: float, **filters: Any) -> tuple[int, int, float | None]:
    found = impact(programme, at, **filters)
    return found["holdout"], found["messaged"], found["lift"]


def test_only_cases_of_at_least_30_days_are_compared(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    assert impact(programme, 1.9) == {"holdout": 0, "messaged": 0, **NOTHING, "verdict": "no holdout"}
    assert impact(programme, 31.999) == {"holdout": 0, "messaged": 0, **NOTHING, "verdict": "too few cases to say"}
    found = impact(programme, 32)
    assert (found["holdout"], found["messaged"]) == (len(HELD), len(TOLD))
    assert found["lift"] == round(4 / len(TOLD) - 2 / len(HELD), 4)
    assert found["low"] < found["lift"] < found["high"]
    assert found["verdict"] == "too few cases to say"


def test_what_is_back_after_30_days_did_not_come_back_in_time(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    before = impact(programme, 32)
    programme.pull(32, report([*TOLD[4:], *HELD[3:]]))
    in_time = impact(programme, 40)
    assert in_time["lift"] == round(4 / len(TOLD) - 3 / len(HELD), 4)
    programme.pull(33, report([]))
    assert impact(programme, 40) == in_time
    assert impact(programme, 31.999 + 8) == in_time
    assert before["lift"] != in_time["lift"]


def test_they_are_compared_as_they_were_drawn_whatever_the_setting_is_now(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    before = impact(programme, 32)
    programme.set("[cases]\nholdout = 0.0\n" + LENIENT)
    assert impact(programme, 32) == before


def test_void_and_silent_cases_and_those_of_no_holdout_are_left_out(tmp_path: Path) -> None:
    programme = Programme(tmp_path, LENIENT)
    programme.pull(1, report([], "x+ y+ z+"))
    programme.pull(2, report([], "x- y+ z+"))
    programme.set(HALF)
    programme.file(report([], "x- y- z+"), "past_2026-11-03.csv")
    programme.backfill("past_{date}.csv", now=day(3.5))
    programme.pull(4, report(UIDS, "x- y- z+"))
    assert counted(programme, 34)[:2] == (len(HELD), len(TOLD))
    programme.void(HELD[0])
    assert counted(programme, 34)[:2] == (len(HELD) - 1, len(TOLD))


def test_regions_csms_and_products(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    assert counted(programme, 32, region="EMEA") == (3, 4, round(1 - 2 / 3, 4))
    assert counted(programme, 32, region="nowhere") == (0, 0, None)
    assert impact(programme, 32, region="nowhere")["verdict"] == "too few cases to say"
    assert counted(programme, 32, csm="") == counted(programme, 32, product="payments") == counted(programme, 32)
    assert counted(programme, 32, csm="Dana") == (0, 0, None)


def test_cases_drawn_at_different_shares_are_compared_with_their_like(tmp_path: Path) -> None:
    programme = churned(tmp_path)
    programme.set(HALF.replace("0.5", "0.25"))
    programme.pull(20, report(TOLD[4:] + HELD[2:], " ".join(f"n{number}+" for number in range(30))))
    new = [f"n{number}" for number in range(30)]
    programme.pull(21, report(TOLD[4:] + HELD[2:], " ".join(f"{uid}-" for uid in new)))
    programme.pull(25, report(TOLD[4:] + HELD[2:], " ".join(f"{uid}+" for uid in new)))
    held, told, lift = counted(programme, 51)
    few = [uid for uid in new if arm_of("payments", uid, 0.25) == "held_out"]
    assert (held, told) == (len(HELD) + len(few), len(TOLD) + 30 - len(few))
    weights = [len(HELD) * len(TOLD) / 24, len(few) * (30 - len(few)) / 30]
    assert lift == pytest.approx(weights[0] * (4 / len(TOLD) - 2 / len(HELD)) / sum(weights), abs=1e-4)
