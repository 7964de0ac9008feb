"""Kaplan and Meier's curves: against a published example, another library, and churns whose end is known."""

from __future__ import annotations

import random
import warnings
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from winback.statistics.curves import Followed, recovery_curve

# Weeks to relapse under 6-mercaptopurine, negative: still in remission then.
FREIREICH = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]


def counts(days: list[int]) -> list[Followed]:
    return [Followed(abs(day), day > 0, many) for day, many in Counter(days).items()]


def test_the_curve_is_that_of_a_published_example() -> None:
    """Freireich et al., Blood 21 (1963), 699–716, as worked out in Kleinbaum and Klein, Survival Analysis (2012),
    chapter 2."""
    curve = recovery_curve(counts(FREIREICH))
    staying = {step.day: round(1 - step.share, 4) for step in curve.steps}
    assert staying == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert [step.followed for step in curve.steps] == [21, 17, 15, 12, 11, 7, 6]
    assert (curve.cases, curve.recovered, curve.until, curve.median) == (21, 9, 35, 23)


@pytest.mark.parametrize("seed", range(5))
def test_curve_and_interval_are_those_of_another_library(seed: int) -> None:
    rng = random.Random(seed)
    days = [rng.randrange(1, 60) * rng.choice([1, -1]) for _ in range(rng.randrange(5, 200))]
    back, still = [day for day in days if day > 0], [-day for day in days if day < 0]
    curve = recovery_curve(counts(days))
    other = stats.ecdf(stats.CensoredData(uncensored=back, right=still))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = other.cdf.confidence_interval(method="log-log")
    for step in curve.steps:
        at = np.searchsorted(other.cdf.quantiles, step.day)
        assert step.share == pytest.approx(other.cdf.probabilities[at])
        if step.low is not None:
            assert step.low == pytest.approx(interval.low.probabilities[at])
            assert step.high == pytest.approx(interval.high.probabilities[at])


def test_without_censoring_it_is_the_plain_share() -> None:
    curve = recovery_curve([Followed(3, True, 20), Followed(9, True, 10), Followed(30, False, 70)])
    assert [(step.day, round(step.share, 6)) for step in curve.steps] == [(3, 0.2), (9, 0.3)]
    assert [curve.share_by(day) for day in (2, 3, 8, 30, 31)] == [
        0,
        pytest.approx(0.2),
        pytest.approx(0.2),
        pytest.approx(0.3),
        None,
    ]
    assert curve.median is None


def test_all_are_back() -> None:
    curve = recovery_curve([Followed(2, True, 4)])
    assert [(step.share, step.low, step.high) for step in curve.steps] == [(1, None, None)]
    assert curve.median == 2


def test_nobody_is_back_or_nobody_is_there() -> None:
    assert recovery_curve([Followed(12, False, 5)]).steps == []
    assert recovery_curve([Followed(12, False, 5)]).share_by(12) == 0
    assert recovery_curve([]).share_by(1) is None


def test_later_days_are_left_out() -> None:
    curve = recovery_curve([Followed(3, True, 1), Followed(40, True, 1), Followed(50, False, 2)], until=30)
    assert (curve.cases, curve.recovered, curve.until, [step.day for step in curve.steps]) == (4, 1, 30, [3])


def test_the_interval_covers_the_share_of_known_churns() -> None:
    """A thousand programmes of 300 churns over 60 days, back on a day with a chance of 2 %: by day 30, 45.5 % are."""
    rng = np.random.default_rng(3)
    truth, covered = 1 - 0.98**30, 0
    for _ in range(1000):
        back_on, age = rng.geometric(0.02, 300), rng.integers(1, 61, 300)
        is_back = back_on <= age
        days = np.where(is_back, back_on, -age)
        step = recovery_curve(counts(days.tolist())).by(30)
        covered += (
            step is not None and step.low is not None and step.high is not None and step.low <= truth <= step.high
        )
    assert 930 <= covered <= 970
