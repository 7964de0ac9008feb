"""What happens to a programme: pulls, decisions, messages; each to be told in a line when a test fails.

A step names a pull by its moment: the newest pull at that moment is meant. Some steps are to be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.naive.settings import Settings

Row = dict[str, str]


@dataclass(frozen=True)
class PullStep:
    """`columns` is the report's header: rows may be none, but each has every column."""

    at: datetime
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    silent: bool = False
    send: bool = True


@dataclass(frozen=True)
class ApproveStep:
    at: datetime


@dataclass(frozen=True)
class RejectStep:
    at: datetime


@dataclass(frozen=True)
class UndoStep:
    pass


@dataclass(frozen=True)
class VoidStep:
    """Voids the account's newest case that is not void."""

    uid: str


@dataclass(frozen=True)
class NotifyStep:
    now: datetime


# What people say and do. `csm`: name and e-mail; `ago`: how long before the step it was, or speaks of.

Csm = tuple[str | None, str | None]


@dataclass(frozen=True)
class ClaimStep:
    """`answer`: what it was made with. `of_product`: whether it names the product."""

    uid: str
    outcome: str
    csm: Csm
    answer: str
    ago: timedelta
    imported: bool
    of_product: bool


@dataclass(frozen=True)
class ActivityStep:
    uid: str
    csm: Csm
    record: str
    ago: timedelta
    of_product: bool


@dataclass(frozen=True)
class SnoozeStep:
    uid: str
    length: timedelta


@dataclass(frozen=True)
class ReassignStep:
    uid: str
    to: Csm


@dataclass(frozen=True)
class RateStep:
    """Of the newest message about the account."""

    uid: str
    csm: Csm
    useful: bool


SayStep = ClaimStep | ActivityStep | SnoozeStep | ReassignStep | RateStep
Step = PullStep | ApproveStep | RejectStep | UndoStep | VoidStep | NotifyStep | SayStep


@dataclass(frozen=True, repr=False)
class Script:
    settings: Settings
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        """To be read when a test fails: a line for the settings that are not the usual ones, for each step and row."""
        usual = Settings()
        unusual = {name: value for name, value in vars(self.settings).items() if value != getattr(usual, name)}
        told = ", ".join(f"{name}={value}" for name, value in unusual.items())
        return "\n".join([f"Script({told}", *(line for step in self.steps for line in tell(step)), ")"])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis asks for this one."""
        printer.text(repr(self))


def tell(step: Step) -> Iterator[str]:
    if not isinstance(step, PullStep):
        yield f"    {step}"
        return
    how = " silent" if step.silent else "" if step.send else " without messages"
    yield f"    pull of {step.at:%Y-%m-%d %H:%M}{how}, columns {' '.join(step.columns)}"
    for row in step.rows:
        yield "        " + " ".join(f"{name}={value!r}" for name, value in row.items() if value)
