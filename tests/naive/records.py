"""What a programme remembers, and what follows of a case from its moments (rules.md R4.1, R4.2, R4.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Literal

from .reading import Account, Report
from .settings import Settings, exact

FOLLOW_UPS = ("first", "second", "final")
State = Literal["at_risk", "lost", "won"]


@dataclass(eq=False)
class Pull:
    at: datetime
    report: Report
    silent: bool = False
    sends: bool = True
    status: str = "held"
    held_by: list[str] = field(default_factory=list)
    reason: str | None = None
    churned: int = 0
    won: int = 0
    missing: int = 0


@dataclass(eq=False)
class Sighting:
    """An account with an open case, as an applied report showed it."""

    pull: Pull
    account: Account


@dataclass(eq=False)
class Case:
    frozen: Account
    churned_at: datetime
    opened_by: Pull
    baseline: bool
    silent: bool
    arm: str | None = None
    readopted_at: datetime | None = None
    closed_by: Pull | None = None
    voided_at: datetime | None = None
    sightings: list[Sighting] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return self.frozen.uid

    @property
    def is_open(self) -> bool:
        return self.closed_by is None

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None


@dataclass(eq=False)
class Adoption:
    frozen: Account
    won_at: datetime
    made_by: Pull

    @property
    def uid(self) -> str:
        return self.frozen.uid


@dataclass(eq=False)
class Notification:
    """About a case or a new adoption. `to` tells the CSM; `ended_by`: the pull that superseded or skipped it."""

    about: Case | Adoption
    stage: str
    planned_by: Pull
    to: Account
    status: str = "planned"
    ended_by: Pull | None = None
    corrected: bool = False

    @property
    def planned_at(self) -> datetime:
        return self.planned_by.at


def lost_at(case: Case, at: datetime, settings: Settings) -> datetime | None:
    """R4.2, as far as reached at `at`; there are no claims here."""
    if settings.lost_after is None or case.is_void:
        return None
    due = case.churned_at + settings.lost_after
    came_back_before = case.readopted_at is not None and case.readopted_at < due
    return due if due <= at and not came_back_before else None


def arm_of(uid: str, settings: Settings) -> str | None:
    """R6.6, as docs/settings.md has it: SHA-256 of product, a zero byte and UID; its first 16 hexadecimal digits, read
    as a fraction, are below the share for those held out."""
    if not settings.holdout:
        return None
    digits = sha256(b"\0".join([settings.product.encode(), uid.encode()])).hexdigest()[:16]
    return "held_out" if Fraction(int(digits, 16), 16**16) < exact(settings.holdout) else "messaged"


def is_won(case: Case, at: datetime) -> bool:
    return case.readopted_at is not None and case.readopted_at <= at


def turnover(case: Case) -> timedelta | None:
    return case.readopted_at - case.churned_at if case.readopted_at else None


def state(case: Case, at: datetime, settings: Settings) -> State | None:
    """R4.1 for a case with churned_at <= `at`; None when it is void."""
    if case.is_void:
        return None
    if is_won(case, at):
        return "won"
    return "lost" if lost_at(case, at, settings) is not None else "at_risk"


def seen_at(case: Case, at: datetime) -> Account:
    """The account as known at `at`, or as it was when it was re-adopted: its CSM is the owner (R4.8)."""
    until = min(at, case.readopted_at) if case.readopted_at else at
    seen = (sighting.account for sighting in reversed(case.sightings) if sighting.pull.at <= until)
    return next(seen, case.frozen)


def csm_key(account: Account) -> str:
    if account.csm_email:
        return account.csm_email.lower()
    return account.csm_name or ""
