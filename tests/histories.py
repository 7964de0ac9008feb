"""Hypothesis strategies for random programmes: settings, and steps for the product and the naive model."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.naive.settings import Guard, Mode, Settings, Vanished
from tests.reports import FALSE_FLAGS, PADS, TRUE_FLAGS, Merchant, chance, write_report
from tests.steps import (
    ActivityStep,
    ApproveStep,
    ClaimStep,
    NotifyStep,
    PullStep,
    RateStep,
    ReassignStep,
    RejectStep,
    Row,
    SayStep,
    Script,
    SnoozeStep,
    Step,
    UndoStep,
    VoidStep,
)

MODES: list[Mode] = ["flag", "presence"]
VANISHED: list[Vanished] = ["keep", "churn"]
UIDS = ["007", "7", "a", "A", "m-1", "m 2", "ñ", "0", "x1", "x2"]
CSMS = [
    ("", ""),
    ("Dana", ""),
    ("DANA", ""),
    ("Lee", "lee@x.example"),
    ("Lee P.", "LEE@x.example"),
    ("", "o@x.example"),
]
AUTHORS = [(name or None, email or None) for name, email in CSMS[1:]]
AGO = [timedelta(0), *(timedelta(hours=hours) for hours in (1, 5, 24, 49, 100, 400, 900))]
REGIONS = ["EMEA", "", "emea", "APAC", "EMEA", "EMEA", "EMEA"]
STARTS = [
    datetime(2025, 3, 27, 22, tzinfo=UTC),
    datetime(2025, 10, 23, 9, tzinfo=UTC),
    datetime(2025, 1, 30, tzinfo=UTC),
]
GAPS = [*[timedelta(days=1)] * 6, *[timedelta(hours=hours) for hours in (2, 13, 23, 25, 48, 72, 96, 144)],
        timedelta(minutes=1), timedelta(days=8), timedelta(days=30), timedelta(days=91)]  # fmt: skip
ZONES = ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]


@st.composite
def scripts(draw: st.DrawFn, mode: Mode | None = None, big: bool | None = None) -> Script:
    """Random programmes of one product; `mode` and `big` (30 to 90 accounts) are drawn when not given."""
    settings = draw(all_settings(mode))
    if big is None:
        big = draw(st.sampled_from([False] * 4 + [True]))
    rng = random.Random(draw(st.integers(0, 2**32))) if big else draw(st.randoms(use_true_random=False))
    accounts = rng.randrange(30, 91) if big else rng.randrange(2, 9)
    world = World(settings, rng, [*UIDS, *(f"big{n}" for n in range(80))][:accounts] if big else UIDS[:accounts])
    steps: list[Step] = []
    for _ in range(draw(st.integers(3, 14))):
        steps += next_steps(world)
    return Script(settings, tuple(steps))


@st.composite
def all_settings(draw: st.DrawFn, mode: Mode | None = None) -> Settings:
    lenient = Guard(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    second, final = draw(st.sampled_from([((2, 3), (4, 6)), ((2, 3), (4, 6)), ((1, 1), (2, 5)), ((1, 4), (6, 9))]))
    return Settings(
        mode=draw(st.sampled_from(MODES)) if mode is None else mode,
        vanished=draw(st.sampled_from(VANISHED)),
        lost_after=draw(st.sampled_from([timedelta(days=90), timedelta(days=5), timedelta(days=1), None])),
        guard=draw(st.sampled_from([lenient, lenient, Guard(), Guard(min_accounts=1)])),
        second=second,
        final=final,
        tz=ZoneInfo(draw(st.sampled_from(ZONES))),
        at_time=draw(st.sampled_from([time(0), time(9, 30)])),
        stop_when_engaged=draw(st.sampled_from([True, True, False])),
        recovery_days=draw(st.sampled_from([14, 14, 1])),
        claim_days=draw(st.sampled_from([30, 30, 2])),
        decimal=draw(st.sampled_from([".", ","])),
        holdout=draw(st.sampled_from([0.0, 0.0, 0.3, 0.6])),
    )


@dataclass
class World:
    """What the reports tell of: it goes on from day to day, whatever becomes of the pulls."""

    settings: Settings
    rng: random.Random
    uids: list[str]
    merchants: list[Merchant] = field(default_factory=list)
    at: datetime = STARTS[0]
    pulls: list[PullStep] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = self.rng.choice(STARTS)
        self.merchants = [new_merchant(self.rng, uid) for uid in self.uids]


def new_merchant(rng: random.Random, uid: str) -> Merchant:
    return Merchant(
        uid,
        csm=rng.choice(CSMS),
        region=rng.choice(REGIONS),
        gmv=rng.randrange(2_000_000),
        enabled=chance(rng, 60),
        present=chance(rng, 85),
    )


def next_steps(world: World) -> list[Step]:
    """One thing that happens, with what people then do about it."""
    rng = world.rng
    if not world.pulls:
        return [first_pull(world)]
    kinds = [*["pull"] * 12, "again", "other", "earlier", "decide", "undo", "void", "notify", *["say"] * 8]
    kind = rng.choice(kinds)
    if kind == "say":
        return [something_said(rng, world.uids) for _ in range(rng.randrange(1, 4))]
    if kind == "pull":
        return [later_pull(world), decide(rng, world.at)] if chance(rng, 25) else [later_pull(world)]
    if kind == "undo":
        return [UndoStep(), other_rows(world, world.at)] if chance(rng, 50) else [UndoStep()]
    steps: dict[str, Callable[[], Step]] = {
        "again": lambda: same_again(rng, rng.choice(world.pulls)),
        "other": lambda: other_rows(world, rng.choice(world.pulls[-2:]).at),
        "earlier": lambda: other_rows(world, world.at - rng.choice([timedelta(hours=1), timedelta(days=2)])),
        "decide": lambda: decide(rng, world.pulls[-1].at),
        "void": lambda: VoidStep(rng.choice(world.uids)),
        "notify": lambda: NotifyStep(world.at + rng.choice([timedelta(hours=1), timedelta(days=2)])),
    }
    return [steps[kind]()]


def something_said(rng: random.Random, uids: list[str]) -> SayStep:
    uid, csm = rng.choice(uids[:9]), rng.choice(AUTHORS)
    ago, of_product, number = rng.choice(AGO), chance(rng, 60), rng.randrange(12)
    steps: dict[str, Callable[[], SayStep]] = {
        "won": lambda: ClaimStep(uid, "won", csm, f"claim {number}", ago, chance(rng, 50), of_product),
        "lost": lambda: ClaimStep(uid, "lost", csm, f"claim {number}", ago, chance(rng, 50), of_product),
        "activity": lambda: ActivityStep(uid, rng.choice([csm, csm, (None, None)]), f"{number}", ago, of_product),
        "snooze": lambda: SnoozeStep(uid, rng.choice([timedelta(days=days) for days in (1, 3, 8)])),
        "reassign": lambda: ReassignStep(uid, csm),
        "rate": lambda: RateStep(uid, csm, chance(rng, 60)),
    }
    return steps[rng.choice(["won", "won", "won", "lost", "activity", "activity", "snooze", "reassign", "rate"])]()


def decide(rng: random.Random, at: datetime) -> Step:
    return RejectStep(at) if chance(rng, 30) else ApproveStep(at)


def first_pull(world: World) -> PullStep:
    return new_pull(world, world.at)


def later_pull(world: World) -> PullStep:
    live_a_day(world)
    world.at += world.rng.choice(GAPS)
    return new_pull(world, world.at)


def other_rows(world: World, at: datetime) -> PullStep:
    live_a_day(world)
    return new_pull(world, at)


def new_pull(world: World, at: datetime) -> PullStep:
    rng = world.rng
    columns, rows = write_report(rng, world.settings, world.merchants, at)
    step = PullStep(at, columns, rows, silent=chance(rng, 12), send=not chance(rng, 30))
    world.pulls.append(step)
    return step


def same_again(rng: random.Random, step: PullStep) -> PullStep:
    """The same rows in another order, a flag spelled differently where it can be read."""
    rows = [dict(row) for row in step.rows]
    rng.shuffle(rows)
    for row in rows:
        flag = row.get("is_product_enabled", "")
        spellings = next((words for words in (TRUE_FLAGS, FALSE_FLAGS) if flag in words), [flag])
        if spellings_are_free(row, rows):
            row["is_product_enabled"] = rng.choice(spellings)
    return replace(step, rows=tuple(rows))


def spellings_are_free(row: Row, rows: list[Row]) -> bool:
    """The row has a flag, and is not one that is rejected or compared with another of its account."""
    uids = [other["uid"].strip("".join(PADS)) for other in rows]
    uid = row["uid"].strip("".join(PADS))
    return "is_product_enabled" in row and uid != "" and uids.count(uid) == 1


def live_a_day(world: World) -> None:
    rng = world.rng
    turbulence = rng.choice([10, 30, 0, 60, 100])
    for merchant in world.merchants:
        merchant.changed = chance(rng, turbulence)
        merchant.enabled ^= merchant.changed
        merchant.present = not chance(rng, 15) if merchant.present else chance(rng, 50)
        if chance(rng, 15):
            merchant.csm = rng.choice(CSMS)
        if chance(rng, 10):
            merchant.region = rng.choice(REGIONS)
        if chance(rng, 15):
            merchant.gmv = rng.randrange(2_000_000)
