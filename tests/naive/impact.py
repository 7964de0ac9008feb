"""`impact` of the KPI document (rules.md R6.6): cases at least 30 days old, as they were drawn.

Every programme of a model has one share, and too few cases for what docs/impact.md plans for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sqrt
from statistics import NormalDist

from .episodes import Filter, Programmes, valid_cases
from .records import Case

MONTH = timedelta(days=30)
Interval = tuple[float, float, float]


def impact(programmes: Programmes, at: datetime, where: Filter) -> dict[str, object]:
    if not any(case.arm for programme in programmes for case in valid_cases(programme, at)):
        return dict(holdout=0, messaged=0, lift=None, low=None, high=None, verdict="no holdout")
    old = [
        case
        for programme in programmes
        for case in valid_cases(programme, at - MONTH)
        if case.arm and where.keeps_episode(case, at)
    ]
    held, told = ([came_back(case) for case in old if case.arm == arm] for arm in ("held_out", "messaged"))
    found = newcombe(told, held, 0.05)
    lift, low, high = (round(each, 4) for each in found) if found else (None, None, None)
    return dict(
        holdout=len(held), messaged=len(told), lift=lift, low=low, high=high, verdict=verdict(told, held)
    )  # fmt: skip


def came_back(case: Case) -> bool:
    return case.readopted_at is not None and case.readopted_at - case.churned_at <= MONTH


def newcombe(told: Sequence[bool], held: Sequence[bool], level: float) -> Interval | None:
    if not told or not held:
        return None
    deviate = NormalDist().inv_cdf(1 - level / 2)
    (p, p_low, p_high), (q, q_low, q_high) = wilson(told, deviate), wilson(held, deviate)
    return p - q, p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2), p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)


def wilson(outcomes: Sequence[bool], z: float) -> Interval:
    n, p = len(outcomes), sum(outcomes) / len(outcomes)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    width = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return p, middle - width, middle + width


def verdict(told: Sequence[bool], held: Sequence[bool]) -> str:
    early = newcombe(told, held, 0.001)
    if early is None or min(len(told), len(held)) < 20 or early[1] <= 0 <= early[2]:
        return "too few cases to say"
    return "more came back" if early[1] > 0 else "fewer came back"
