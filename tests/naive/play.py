"""Plays a script step by step through the naive model."""

from __future__ import annotations

from datetime import datetime

from tests.steps import (
    ApproveStep,
    NotifyStep,
    PullStep,
    RejectStep,
    Script,
    Step,
    UndoStep,
    VoidStep,
)

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
            return programme.pull(step.at, step.rows, step.silent, step.send)
        case ApproveStep():
            return programme.approve(programme.pull_at(step.at))
        case RejectStep():
            return programme.reject(programme.pull_at(step.at))
        case UndoStep():
            return programme.undo().status
        case VoidStep():
            programme.void(step.uid, now)
        case NotifyStep():
            programme.notify(step.now)
    return "done"
