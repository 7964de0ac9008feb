"""Plays a script step by step through the naive model."""

from __future__ import annotations

from datetime import datetime

from tests.steps import (
    ActivityStep,
    ApproveStep,
    ClaimStep,
    NotifyStep,
    PullStep,
    RateStep,
    ReassignStep,
    RejectStep,
    SayStep,
    Script,
    SnoozeStep,
    Step,
    UndoStep,
    VoidStep,
)

from .answers import Activity, Claim
from .programme import Programme
from .settings import Refused


def play(script: Script) -> Programme:
    programme = Programme(script.settings)
    for step in script.steps:
        take(programme, step)
    return programme


def take(programme: Programme, step: Step, now: datetime | None = None) -> str:
    """The status of the pull that the step is about, "done" where it is about none, or "refused"."""
    try:
        return _take(programme, step, now)
    except Refused:
        return "refused"


def _take(programme: Programme, step: Step, now: datetime | None) -> str:
    match step:
        case PullStep():
            return programme.pull(step.at, step.rows, step.silent, step.send, now)
        case ApproveStep():
            return programme.approve(programme.pull_at(step.at), now)
        case RejectStep():
            return programme.reject(programme.pull_at(step.at))
        case UndoStep():
            return programme.undo().status
        case VoidStep():
            programme.void(step.uid, now)
        case NotifyStep():
            programme.notify(step.now)
        case _:
            # Where no clock is given, people say things at the moment of the last report.
            last = programme.last_applied
            if now is None and last is None:
                raise Refused("nothing has happened yet")
            _say(programme, step, now or last.at if last else now)
    return "done"


def _say(programme: Programme, step: SayStep, now: datetime | None) -> None:
    assert now is not None
    product = programme.settings.product
    match step:
        case ClaimStep():
            named = product if step.of_product else None
            said = Claim(
                len(programme.desk.claims),
                step.answer,
                named,
                step.uid,
                step.outcome,
                step.csm,
                now - step.ago,
                now,
                None,
            )
            programme.desk.claim(said, step.imported)
        case ActivityStep():
            named = product if step.of_product else None
            programme.desk.record(Activity(step.record, named, step.uid, step.csm, now - step.ago, now))
        case SnoozeStep():
            programme.snooze(step.uid, now, now + step.length)
        case ReassignStep():
            programme.reassign(step.uid, step.to, now)
        case RateStep():
            programme.rate(step.uid, step.csm, step.useful, now)
