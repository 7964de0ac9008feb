"""Verdicts of claims, engagement and credit (rules.md R4.6, R6.2-R6.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from .answers import Activity, Claim, Csm
from .programme import Programme
from .records import FOLLOW_UPS, Case, is_won, lost_at, seen_at
from .settings import Hours, Settings


class Credit(NamedTuple):
    kind: str
    csm: Csm
    by_claim: bool = False


def verdict(claim: Claim, at: datetime, settings: Settings) -> str | None:
    case = claim.case
    if case is None or case.is_void:
        return None
    if claim.outcome == "lost":
        return "false" if is_won(case, at) else "true"
    claimed_on = local_date(claim.claimed_at, settings)
    if case.readopted_at is None or not is_won(case, at):
        late = (local_date(at, settings) - claimed_on).days > settings.recovery_days
        return "false" if late else "pending"
    back_on = local_date(case.readopted_at, settings)
    in_time = (back_on - claimed_on).days <= settings.recovery_days
    return "true" if in_time and (claimed_on - back_on).days <= settings.claim_days else "false"


def local_date(at: datetime, settings: Settings) -> date:
    return at.astimezone(settings.tz).date()


def newest_claim(case: Case, until: datetime) -> Claim | None:
    claims = [claim for claim in case.desk.claims_of(case) if claim.claimed_at <= until]
    return claims[-1] if claims else None


def engagement(case: Case, at: datetime) -> Activity | None:
    until = min(at, case.readopted_at) if case.readopted_at else at
    found = [done for done in case.desk.engagements(case, case.product) if done.occurred_at <= until]
    return found[0] if found else None


def win_credit(case: Case, at: datetime, until: datetime, settings: Settings) -> Credit | None:
    """As what is claimed up to `until` has it."""
    if case.is_void or not is_won(case, at):
        return None
    claim, engaged = newest_claim(case, until), engagement(case, at)
    if claim is not None and claim.outcome == "won" and verdict(claim, at, settings) == "true":
        return Credit("csm", claim.csm, by_claim=True)
    return Credit("assisted", engaged.csm) if engaged else Credit("self_service", owner(case, at))


def loss_credit(case: Case, at: datetime, settings: Settings) -> Credit | None:
    moment = lost_at(case, at, settings)
    if moment is None:
        return None
    claim, engaged = newest_claim(case, at), engagement(case, at)
    if claim is not None and claim.outcome == "lost":
        return Credit("csm", claim.csm, by_claim=True)
    if engaged is not None and engaged.occurred_at < moment:
        return Credit("csm", engaged.csm)
    return Credit("self_service", owner(case, at))


def credit(case: Case, at: datetime, settings: Settings) -> Credit | None:
    return win_credit(case, at, at, settings) if is_won(case, at) else loss_credit(case, at, settings)


def owner(case: Case, at: datetime) -> Csm:
    seen = seen_at(case, at)
    return seen.csm_name, seen.csm_email


# How long it took until somebody engaged


class Engaged(NamedTuple):
    at: datetime
    hours: timedelta
    working: timedelta | None
    message_at: datetime | None
    from_message: timedelta | None
    working_from_message: timedelta | None


def engaged(programme: Programme, case: Case, at: datetime) -> Engaged | None:
    done = engagement(case, at)
    if done is None:
        return None
    moment, hours = done.occurred_at, programme.settings.hours
    sent = [
        note.sent_at
        for note in programme.notifications
        if note.about is case and note.stage in FOLLOW_UPS and note.status == "sent" and not note.corrected
        if note.sent_at is not None and note.sent_at <= moment
    ]
    first = min(sent, default=None)
    tz = programme.settings

    def working(since: datetime | None) -> timedelta | None:
        return None if since is None or hours is None else working_time(since, moment, hours, tz)

    return Engaged(
        moment,
        moment - case.churned_at,
        working(case.churned_at),
        first,
        None if first is None else moment - first,
        working(first),
    )


def working_time(since: datetime, until: datetime, hours: Hours, settings: Settings) -> timedelta:
    """Day by day, from opening to closing."""
    worked, on = timedelta(0), local_date(since, settings)
    while on <= local_date(until, settings):
        if on.weekday() in hours.weekdays and on not in hours.closed_on:
            opens, closes = (_moment(on, clock, settings) for clock in (hours.open, hours.close))
            worked += max(timedelta(0), min(until, closes) - max(since, opens))
        on += timedelta(days=1)
    return worked


def _moment(on: date, clock: time, settings: Settings) -> datetime:
    local = datetime.combine(on, clock, tzinfo=settings.tz)
    offset = local.utcoffset()
    assert offset is not None
    return datetime.combine(on, clock, tzinfo=UTC) - offset
