"""How many more of the messaged cases came back than of those held out, and how sure that is (rules.md R6.6).

The interval is Newcombe's (1998, method 10), which holds for small and unequal arms, and for shares near 0 and 1. Where
the holdout's share was changed, cases drawn at different shares are compared only with their like: the differences are
averaged with the weights of Cochran, Mantel and Haenszel, and their intervals combined as Zou and Donner (2008) do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

Verdict = Literal["no holdout", "too few cases to say", "no clear difference", "more came back", "fewer came back"]

METHOD = "95 % interval of Newcombe (1998), method 10, from statsmodels"
LEVEL = 0.05
# What is planned for: a difference of ten points, found in four programmes of five that have it. Half of those held out
# come back by themselves; any other share needs fewer cases.
DETECTED, POWER, ALONE = 0.10, 0.80, 0.50
# Before there are as many cases as planned, only what a hundredth as often is chance counts (Haybittle and Peto): a
# programme is looked at every day, and one that does nothing would some day look as if it did.
EARLY_LEVEL, EARLY_CASES = 0.001, 20


@dataclass(frozen=True)
class Arm:
    """Cases, and how many of them came back within 30 days."""

    cases: int = 0
    recovered: int = 0

    @property
    def share(self) -> float | None:
        return self.recovered / self.cases if self.cases else None


@dataclass(frozen=True)
class Stratum:
    """The cases drawn at one share of the holdout, the newest strata last."""

    share: float
    messaged: Arm
    held_out: Arm


@dataclass(frozen=True)
class Lift:
    """Share of the messaged that came back less that of the held out, from -1 to 1."""

    lift: float
    low: float
    high: float


def estimate(strata: Sequence[Stratum], level: float = LEVEL) -> Lift | None:
    """Nothing where no stratum has cases of both arms."""
    compared = [each for each in strata if each.messaged.cases and each.held_out.cases]
    if not compared:
        return None
    weights = [
        each.messaged.cases * each.held_out.cases / (each.messaged.cases + each.held_out.cases) for each in compared
    ]
    lifts = [_newcombe(each, level) for each in compared]
    parts = [(weight / sum(weights), lift) for weight, lift in zip(weights, lifts, strict=True)]
    lift = sum(weight * part.lift for weight, part in parts)
    below = math.hypot(*(weight * (part.lift - part.low) for weight, part in parts))
    above = math.hypot(*(weight * (part.high - part.lift) for weight, part in parts))
    return Lift(lift, lift - below, lift + above)


def _newcombe(stratum: Stratum, level: float) -> Lift:
    from statsmodels.stats.proportion import confint_proportions_2indep

    told, held = stratum.messaged, stratum.held_out
    low, high = confint_proportions_2indep(
        told.recovered, told.cases, held.recovered, held.cases, method="newcomb", compare="diff", alpha=level
    )
    return Lift(told.recovered / told.cases - held.recovered / held.cases, float(low), float(high))


@cache
def needed(share: float, alone: float = ALONE, detected: float = DETECTED, power: float = POWER) -> tuple[int, int]:
    """How many held-out and messaged cases are planned for, at a share of the holdout between 0 and 1."""
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

    ratio = (1 - share) / share
    held_out = samplesize_proportions_2indep_onetail(
        -detected, alone + detected, power, ratio=ratio, alpha=LEVEL, alternative="two-sided"
    )
    return math.ceil(held_out), math.ceil(held_out * ratio)


def total(strata: Sequence[Stratum]) -> tuple[Arm, Arm]:
    """Messaged and held out."""
    return (
        Arm(sum(each.messaged.cases for each in strata), sum(each.messaged.recovered for each in strata)),
        Arm(sum(each.held_out.cases for each in strata), sum(each.held_out.recovered for each in strata)),
    )


def judge(strata: Sequence[Stratum]) -> Verdict:
    """Of the drawn cases of a programme with a holdout."""
    told, held = total(strata)
    fewest = min(told.cases, held.cases)
    if fewest < EARLY_CASES or not 0 < strata[-1].share < 1:
        return "too few cases to say"
    held_out, messaged = needed(strata[-1].share)
    is_enough = held.cases >= held_out and told.cases >= messaged
    found = estimate(strata, LEVEL if is_enough else EARLY_LEVEL)
    if found is not None and found.low > 0:
        return "more came back"
    if found is not None and found.high < 0:
        return "fewer came back"
    return "no clear difference" if is_enough and found is not None else "too few cases to say"
