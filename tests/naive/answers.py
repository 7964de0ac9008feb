"""What people say and do (rules.md §6): claims, activities, snoozes, assignments, answers to messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from .settings import Refused

if TYPE_CHECKING:
    from .programme import Programme
    from .records import Case, Notification

Csm = tuple[str | None, str | None]


@dataclass(eq=False)
class Claim:
    """Without a case: an imported one that none was found for, or whose case an undo took away."""

    number: int
    answer: str
    product: str | None
    uid: str
    outcome: str
    csm: Csm
    claimed_at: datetime
    recorded_at: datetime
    case: Case | None


@dataclass(frozen=True)
class Activity:
    external_id: str
    product: str | None
    uid: str
    csm: Csm
    occurred_at: datetime
    logged_at: datetime


@dataclass(frozen=True)
class Snooze:
    set_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class Assignment:
    uid: str
    to: Csm
    reported: Csm
    assigned_at: datetime


@dataclass(frozen=True)
class Rating:
    notification: Notification
    csm: Csm
    useful: bool
    answered_at: datetime


@dataclass(eq=False)
class Desk:
    """Shared by the products of a workspace."""

    claims: list[Claim] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)

    def claims_of(self, case: Case) -> list[Claim]:
        """In the order of what they speak of, then of how they came."""
        return sorted(
            (claim for claim in self.claims if claim.case is case), key=lambda claim: (claim.claimed_at, claim.number)
        )

    def engagements(self, case: Case, product: str) -> list[Activity]:
        """R6.5: of a known CSM, of this product or of none; the first to be recorded before others of its moment."""
        return sorted(
            (
                done
                for done in self.activities
                if done.uid == case.uid and done.product in (None, product) and done.csm != (None, None)
                if done.occurred_at >= case.churned_at
            ),
            key=lambda done: done.occurred_at,
        )

    def record(self, activity: Activity) -> None:
        """Each record of a CRM once."""
        if all(done.external_id != activity.external_id for done in self.activities):
            self.activities.append(activity)

    def claim(self, claim: Claim, imported: bool) -> None:
        """R6.1. `claim` has no case yet; the same answer counts once, an imported one anew."""
        known = next((each for each in self.claims if each.answer == claim.answer), None)
        if known is not None and not imported:
            return
        claim.case = self._case_of(claim, known)
        if claim.case is None and not imported:
            raise Refused(f"{claim.uid} has no case to claim")
        if claim.case is not None:
            claim.product = claim.case.product
        if known is None:
            self.claims.append(claim)
            return
        values = [
            (each.product, each.uid, each.outcome, each.csm, each.claimed_at, each.case) for each in (known, claim)
        ]
        if values[0] != values[1]:
            claim.number = known.number
            self.claims[self.claims.index(known)] = claim

    def _case_of(self, claim: Claim, known: Claim | None) -> Case | None:
        stays = known is not None and claim.product in (None, known.product)
        if (
            known is not None
            and stays
            and (known.uid, known.claimed_at) == (claim.uid, claim.claimed_at)
            and known.case
        ):
            return known.case
        cases = [
            case
            for programme in self.programmes
            if claim.product in (None, programme.settings.product)
            for case in programme.cases
            if case.uid == claim.uid and case.churned_at <= claim.claimed_at
        ]
        return max(cases, key=lambda case: (case.churned_at, case.number), default=None)
