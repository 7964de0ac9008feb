"""The difference between the arms: against published examples, and programmes whose lift is known."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

import pytest

from winback.statistics.lift import Arm, Lift, Stratum, estimate, judge, needed


def one(told: tuple[int, int], held: tuple[int, int], share: float = 0.1) -> Stratum:
    """Recovered of cases, each."""
    return Stratum(share, Arm(told[1], told[0]), Arm(held[1], held[0]))


@pytest.mark.parametrize(
    ("told", "held", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_is_that_of_newcombes_own_examples(
    told: tuple[int, int], held: tuple[int, int], low: float, high: float
) -> None:
    """R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
    methods, Statistics in Medicine 17 (1998), 873–890: table II, method 10."""
    found = estimate([one(told, held)])
    assert found is not None
    assert found.lift == pytest.approx(told[0] / told[1] - held[0] / held[1])
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_number_of_cases_is_that_of_a_published_example() -> None:
    """R, package stats, the help page of `power.prop.test`: 0.50 against 0.75 with a power of 0.90 takes 76.7 each."""
    assert needed(0.5, alone=0.50, detected=0.25, power=0.90) == (77, 77)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.5, 0.8])
def test_unequal_arms_need_what_the_formula_says(share: float) -> None:
    held_out, messaged = needed(share)
    ratio = (1 - share) / share
    pooled = (0.5 + ratio * 0.6) / (1 + ratio)
    null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    other = math.sqrt(0.25 + 0.24 / ratio)
    deviates = NormalDist().inv_cdf(0.975) * null + NormalDist().inv_cdf(0.8) * other
    assert held_out == math.ceil((deviates / 0.1) ** 2)
    assert messaged == pytest.approx(held_out * ratio, abs=ratio + 1)


def test_no_arm_without_cases_is_compared() -> None:
    assert estimate([]) is None
    assert estimate([one((3, 5), (0, 0)), one((0, 0), (3, 5))]) is None


def test_cases_drawn_at_another_share_are_compared_only_with_their_like() -> None:
    """More came back in the second half of the year, whatever the arm, and fewer were held out then."""
    first, then = one((40, 100), (40, 100), 0.5), one((72, 90), (8, 10), 0.1)
    found = estimate([first, then])
    assert found is not None
    assert found.lift == pytest.approx(0)
    assert (40 + 72) / 190 - 48 / 110 > 0.1


def test_strata_without_one_arm_change_nothing() -> None:
    alone = estimate([one((40, 100), (20, 60))])
    assert estimate([one((1, 50), (0, 0)), one((40, 100), (20, 60))]) == alone


def test_two_strata_say_more_than_one() -> None:
    alone, both = (
        estimate([one((40, 100), (20, 60))]),
        estimate([one((40, 100), (20, 60)), one((40, 100), (20, 60), 0.2)]),
    )
    assert alone is not None
    assert both is not None
    assert both.lift == pytest.approx(alone.lift)
    assert both.high - both.low == pytest.approx((alone.high - alone.low) / math.sqrt(2))


@pytest.mark.parametrize(
    ("told", "held", "verdict"),
    [
        ((0, 0), (0, 0), "too few cases to say"),
        ((700, 1000), (0, 19), "too few cases to say"),
        ((60, 100), (3, 20), "more came back"),
        ((15, 100), (12, 20), "fewer came back"),
        ((60, 100), (6, 20), "too few cases to say"),
        ((600, 1900), (50, 224), "too few cases to say"),
        ((660, 2100), (50, 230), "more came back"),
        ((455, 2100), (68, 230), "fewer came back"),
        ((600, 2100), (65, 230), "no clear difference"),
    ],
)
def test_the_verdict(told: tuple[int, int], held: tuple[int, int], verdict: str) -> None:
    assert judge([one(told, held)]) == verdict


def test_where_everybody_is_held_out_there_is_nothing_to_say() -> None:
    assert judge([one((0, 0), (200, 4000), 1.0)]) == "too few cases to say"


# Programmes whose lift is known


def arm(rng: random.Random, cases: int, share: float) -> Arm:
    return Arm(cases, sum(rng.random() < share for _ in range(cases)))


@pytest.mark.parametrize(
    ("alone", "lift", "cases", "share"),
    [(0.3, 0.1, 400, 0.2), (0.05, 0.03, 600, 0.1), (0.6, 0.0, 150, 0.5), (0.5, -0.1, 250, 0.3)],
)
def test_the_interval_covers_the_lift_of_known_programmes(alone: float, lift: float, cases: int, share: float) -> None:
    """A thousand of each."""
    rng = random.Random(f"{alone} {lift}")
    held, told = round(cases * share), round(cases * (1 - share))
    found = [estimate([Stratum(share, arm(rng, told, alone + lift), arm(rng, held, alone))]) for _ in range(1000)]
    assert 0.93 <= covered(found, lift) <= 0.97


def test_it_covers_it_where_the_share_was_changed() -> None:
    rng = random.Random(5)
    found = [
        estimate(
            [
                Stratum(0.3, arm(rng, 210, 0.3), arm(rng, 90, 0.2)),
                Stratum(0.1, arm(rng, 360, 0.6), arm(rng, 40, 0.5)),
            ]
        )
        for _ in range(1000)
    ]
    assert 0.93 <= covered(found, 0.1) <= 0.97


def covered(found: list[Lift | None], lift: float) -> float:
    return sum(each is not None and each.low <= lift <= each.high for each in found) / len(found)


def test_a_programme_that_does_nothing_is_seldom_said_to_do_something_however_often_it_is_looked_at() -> None:
    """Looked at after every 80 cases until there are as many as planned."""
    rng, wrong = random.Random(11), 0
    for _ in range(100):
        told = held = Arm()
        for _ in range(14):
            told, held = plus(told, arm(rng, 56, 0.4)), plus(held, arm(rng, 24, 0.4))
            if judge([Stratum(0.3, told, held)]) in ("more came back", "fewer came back"):
                wrong += 1
                break
    assert wrong <= 10


def plus(some: Arm, more: Arm) -> Arm:
    return Arm(some.cases + more.cases, some.recovered + more.recovered)
