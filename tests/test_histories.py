"""The product beside a second, plain reading of the rules: random programmes, every table and figure, many moments."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.histories import scripts
from tests.naive.answers import Desk
from tests.naive.episodes import Filter
from tests.naive.play import take
from tests.naive.programme import Programme
from tests.naive.settings import Hours
from tests.playing import Player, timed
from tests.sameness import View, differences, flow_differences, part_differences, trend_differences
from tests.shorter import shortest
from tests.steps import NotifyStep, Script, Step
from winback import Workspace
from winback.report import meet
from winback.settings.checks import WEEKDAYS
from winback.settings.sections import QuietHours
from winback.store import copies, remembered

REGIONS = [None, None, None, "EMEA", "", "emea", "elsewhere"]
CSMS = [None, None, None, "Dana", "", "Lee", "lee@X.example", "o@x.example"]
BEFORE_OR_AFTER = [timedelta(days=days) for days in (-3, 0, 0, 0, 1, 3, 30, 95)]
DAYS = [0, 1, 5, 60]
PERIODS = [timedelta(days=days) for days in (1, 7, 400)]
# Those that no file has to be read for, so that they can be looked at after every step.
STORED = (
    "churns",
    "at_risk",
    "wins",
    "readopted",
    "cases",
    "notifications",
    "pulls",
    "claims",
    "feedback",
    "activities",
)
# From opening to closing; of some people late in the evening, so that a working day lies in two days of UTC.
HOURS = [None, Hours(), Hours(time(20), time(23, 30), (0, 2, 5, 6)), Hours(closed_on=(date(2025, 3, 31),))]

pytestmark = [
    pytest.mark.rule("R1.1", "R1.2", "R1.3"),
    pytest.mark.rule("R2.1", "R2.2", "R2.3", "R2.4", "R2.5", "R2.6", "R2.7"),
    pytest.mark.rule("R3.1", "R3.2", "R3.3", "R3.4", "R3.5", "R3.6"),
    pytest.mark.rule("R3.8", "R3.9", "R3.10", "R3.11", "R3.12", "R3.13", "R3.14"),
    pytest.mark.rule("R4.1", "R4.2", "R4.3", "R4.4", "R4.5", "R4.6", "R4.7", "R4.8", "R4.9"),
    pytest.mark.rule("R5.1", "R5.2", "R5.3", "R5.4", "R5.5", "R5.6"),
    pytest.mark.rule("R7.1", "R7.2", "R7.3", "R7.4", "R7.5", "R7.7"),
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
    # A history is dozens of pulls, each of which asks for every table and figure.
    pytest.mark.timeout(1200),
]


def examples(count: int) -> settings:
    """The first of them is the simplest, in which next to nothing happens."""
    return settings(
        max_examples=count,
        deadline=None,
        # `shortest` does this in less time: a script is drawn from thousands of choices.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


seeds = st.integers(0, 2**32)


@examples(3)
@given(scripts(mode="flag"), seeds)
def test_flag(script: Script, seed: int) -> None:
    play([script], seed)


@examples(3)
@given(scripts(mode="presence"), seeds)
def test_presence(script: Script, seed: int) -> None:
    play([script], seed)


@examples(2)
@given(scripts(), scripts(), seeds)
def test_two_products(one: Script, other: Script, seed: int) -> None:
    play([one, beside(one, other)], seed)


@examples(3)
@given(scripts(), seeds)
def test_beside_an_old_base(script: Script, seed: int) -> None:
    play_beside_an_old_base(script, seed)


@examples(3)
@given(scripts(), seeds)
def test_of_copies(script: Script, seed: int) -> None:
    play_of_copies(script, seed)


@pytest.mark.soak
@examples(2000)
@given(scripts(), seeds)
def test_long_play(script: Script, seed: int) -> None:
    play([script], seed)


@pytest.mark.soak
@examples(300)
@given(scripts(), scripts(), seeds)
def test_long_play_of_two_products(one: Script, other: Script, seed: int) -> None:
    play([one, beside(one, other)], seed)


@pytest.mark.soak
@examples(200)
@given(scripts(), seeds)
def test_long_play_beside_an_old_base(script: Script, seed: int) -> None:
    play_beside_an_old_base(script, seed)


@pytest.mark.soak
@examples(100)
@given(scripts(), seeds)
def test_long_play_of_copies(script: Script, seed: int) -> None:
    play_of_copies(script, seed)


def play_beside_an_old_base(script: Script, seed: int) -> None:
    """Only the first report is written whole: what small reports write would else soon be large beside it."""
    with mock.patch.object(meet, "_LARGE", math.inf):
        play([script], seed)


def play_of_copies(script: Script, seed: int) -> None:
    """As where there are many cases: figures are asked of copies, and kept. After every step those of earlier moments
    are asked for, too."""
    with (
        mock.patch.object(copies, "_MANY", 0),
        mock.patch.object(copies, "_MANY_TOUCHED", 10),
        mock.patch.object(remembered, "_A_MINUTE", 0),
        mock.patch(f"{__name__}.earlier", earlier_pulls),
        mock.patch(f"{__name__}.look_at_parts", compare_parts),
    ):
        play([script], seed)


def beside(one: Script, other: Script) -> Script:
    """The other script as that of a second product of the same workspace."""
    of = one.settings
    shared = replace(
        other.settings,
        product="loans",
        tz=of.tz,
        lost_after=of.lost_after,
        holdout=of.holdout,
        second=of.second,
        final=of.final,
        stop_when_engaged=of.stop_when_engaged,
        recovery_days=of.recovery_days,
        claim_days=of.claim_days,
    )
    return replace(other, settings=shared)


def play(scripts: Sequence[Script], seed: int) -> None:
    """When the two differ, in shorter scripts that they differ in as well."""
    error = difference(scripts, seed)
    if error is None:
        return
    short = list(scripts)
    for place, script in enumerate(scripts):
        short[place] = shortest(script, partial(is_different, short, place, seed))
    told = "\n".join(map(repr, short))
    raise AssertionError(f"{difference(short, seed)}\n\n{told}") from error


def is_different(scripts: Sequence[Script], place: int, seed: int, instead: Script) -> bool:
    return difference([*scripts[:place], instead, *scripts[place + 1 :]], seed) is not None


def difference(scripts: Sequence[Script], seed: int) -> Exception | None:
    """What goes wrong first: the two differ, or one of them breaks."""
    try:
        play_both(scripts, random.Random(seed))
    except Exception as error:
        return error
    return None


def play_both(scripts: Sequence[Script], rng: random.Random) -> None:
    desk = Desk()
    programmes = [Programme(script.settings, desk) for script in scripts]
    with tempfile.TemporaryDirectory() as folder:
        player = Player(Path(folder), *(script.settings for script in scripts))
        now = datetime.min.replace(tzinfo=UTC)
        for place, (now, step, programme) in enumerate(taken_in_turn(rng, scripts, programmes)):
            take_both(player, now, step, programme, programmes)
            with player.open(now) as workspace:
                where = f"after step {place}, {type(step).__name__} of {programme.settings.product}"
                refuse_differences(differences(workspace, programmes, View(now), STORED), where)
                for at in earlier(rng, programmes):
                    refuse_differences(differences(workspace, programmes, View(at), ()), f"{where}, at {at}")
                    refuse_differences(trend_differences(workspace, programmes, View(at), 3), f"{where}, at {at}")
        with player.open(now) as workspace:
            keep_hours(workspace, programmes, rng.choice(HOURS))
            for view in views(rng, programmes, now):
                compare(workspace, programmes, view, rng.choice(PERIODS))
                refuse_differences(trend_differences(workspace, programmes, view, rng.choice(DAYS)), f"trend, {view}")
                look_at_parts(workspace, view)


def earlier(rng: random.Random, programmes: Sequence[Programme]) -> Sequence[datetime]:
    """The past moments to ask of after a step."""
    return ()


def earlier_pulls(rng: random.Random, programmes: Sequence[Programme]) -> Sequence[datetime]:
    moments = [pull.at for programme in programmes for pull in programme.pulls]
    return rng.sample(moments, min(2, len(moments)))


def look_at_parts(workspace: Workspace, view: View) -> None:
    """Only where a part of a table is read in another way than all of it."""


def compare_parts(workspace: Workspace, view: View) -> None:
    for seen_at in (None, view.at):
        refuse_differences(part_differences(workspace, view, seen_at), f"in parts, seen at {seen_at}, {view}")


def keep_hours(workspace: Workspace, programmes: Sequence[Programme], hours: Hours | None) -> None:
    """When people work, for reading alone: messages were sent at any time."""
    for programme in programmes:
        programme.settings = replace(programme.settings, hours=hours)
    quiet = hours and QuietHours(
        open=hours.open,
        close=hours.close,
        days=tuple(WEEKDAYS[day] for day in hours.weekdays),
        closed_on=hours.closed_on,
    )
    workspace.settings = structs.replace(workspace.settings, quiet_hours=quiet)


def taken_in_turn(
    rng: random.Random, scripts: Sequence[Script], programmes: Sequence[Programme]
) -> Iterator[tuple[datetime, Step, Programme]]:
    """The steps of all scripts in one order, with the moment each is taken at."""
    left = [list(script.steps) for script in scripts]
    turns = [place for place, steps in enumerate(left) for _ in steps]
    rng.shuffle(turns)
    in_turn = [left[place].pop(0) for place in turns]
    for place, (now, step) in zip(turns, timed(in_turn), strict=True):
        yield now, step, programmes[place]


def take_both(player: Player, now: datetime, step: Step, programme: Programme, programmes: Sequence[Programme]) -> None:
    said = player.take(now, step, programme.settings.product)
    for one in programmes if isinstance(step, NotifyStep) else [programme]:
        expected = take(one, step, now)
    assert said in (expected, "passed over"), f"{type(step).__name__}: {said}, expected {expected}"


def views(rng: random.Random, programmes: Sequence[Programme], now: datetime) -> Iterator[View]:
    """All there is now, and parts of it at other moments."""
    yield View(now)
    moments = [now, *(pull.at for programme in programmes for pull in programme.pulls)]
    for _ in range(3):
        at = rng.choice(moments) + rng.choice(BEFORE_OR_AFTER)
        product = rng.choice([None, *(programme.settings.product for programme in programmes)])
        yield View(at, product, Filter(rng.choice(REGIONS), rng.choice(CSMS)))


def compare(workspace: Workspace, programmes: Sequence[Programme], view: View, period: timedelta) -> None:
    refuse_differences(differences(workspace, programmes, view), str(view))
    start = view.at - period
    refuse_differences(flow_differences(workspace, programmes, start, view), f"from {start}, {view}")


def refuse_differences(found: Iterator[str], where: str) -> None:
    lines = list(found)
    assert not lines, "\n".join([where, *lines[:20]])
