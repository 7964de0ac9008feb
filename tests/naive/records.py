"""What a programme remembers, and what follows of a case from its moments (rules.md R4.1, R4.2, R4.8)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Literal

from .answers import Csm, Desk, Rating, Snooze
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
    product: str = ""
    number: int = 0
    desk: Desk = field(default_factory=Desk)
    snoozes: list[Snooze] = field(default_factory=list)
    assigned: list[tuple[datetime, Csm]] = field(default_factory=list)

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
    sent_at: datetime | None = None
    ratings: dict[Csm, Rating] = field(default_factory=dict)

    @property
    def planned_at(self) -> datetime:
        return self.planned_by.at


def lost_at(case: Case, at: datetime, settings: Settings) -> datetime | None:
    """R4.2, as far as reached at `at`."""
    if case.is_void:
        return None
    due = None if settings.lost_after is None else case.churned_at + settings.lost_after
    moment = min(filter(None, (due, said_lost(case, at))), default=None)
    if moment is None or moment > at:
        return None
    came_back_before = case.readopted_at is not None and case.readopted_at < moment
    return None if came_back_before else moment


def said_lost(case: Case, at: datetime) -> datetime | None:
    """The first of the unbroken run of lost claims that ends with the newest."""
    first = None
    for claim in reversed(case.desk.claims_of(case)):
        if claim.claimed_at <= at:
            if claim.outcome != "lost":
                break
            first = claim.claimed_at
    return first


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
    """The account as known at `at`, or as it was when it was re-adopted: its CSM is the owner (R4.8), whom the newest
    report names, or who was assigned since it first named the one it does."""
    until = min(at, case.readopted_at) if case.readopted_at else at
    seen = [sighting for sighting in case.sightings if sighting.pull.at <= until]
    account = seen[-1].account if seen else case.frozen
    named, since = _csm(account), case.churned_at
    for before, sighting in zip([case.frozen, *(each.account for each in seen)], seen, strict=False):
        if _csm(before) != _csm(sighting.account):
            since = sighting.pull.at
    assigned = [csm for moment, csm in case.assigned if since <= moment <= until]
    csm = assigned[-1] if assigned else named
    return replace(account, csm_name=csm[0], csm_email=csm[1])


def reported_at(case: Case, at: datetime) -> Csm:
    """Whom the newest report names."""
    seen = [sighting.account for sighting in case.sightings if sighting.pull.at <= at]
    return _csm(seen[-1] if seen else case.frozen)


def _csm(account: Account) -> Csm:
    return account.csm_name or None, account.csm_email or None


def csm_key(account: Account) -> str:
    return key_of((account.csm_name, account.csm_email))


def key_of(csm: Csm) -> str:
    return csm[1].lower() if csm[1] else csm[0] or ""
