"""What people answer to messages: the use cases behind buttons, forms and scripts.

Each answer comes with a `key`, the same for the same click or form however often it arrives, and counts once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.core.claims import NewClaim, Outcome
from winback.core.holdout import is_hidden
from winback.core.moments import format_moment, local_date
from winback.errors import WinbackError
from winback.messages import alerts, notices, people
from winback.messages.contents import say_doubt
from winback.messages.people import csm_key
from winback.messages.wording import say
from winback.store import answers as stored
from winback.store import claims
from winback.store.audit import case_named, given_to, note
from winback.store.database import writing

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import Case, Message

LONGEST_NOTE = 3_000
_LONGEST_SNOOZE = dt.timedelta(days=90)


@dataclass(frozen=True)
class Actor:
    """Who answers: `id` on the channel where they do, and the CSM they are known as there, if any.
    `answers_for_all`: for any account, not for their own alone."""

    id: str
    name: str | None = None
    email: str | None = None
    answers_for_all: bool = False

    @property
    def shown(self) -> str:
        return self.name or self.email or self.id


@dataclass(frozen=True)
class Said:
    """What is claimed of a case; `at`: the moment it speaks of, `source`: slack, cli, file, web, a CRM."""

    outcome: Outcome
    reason: str | None
    note: str | None
    at: dt.datetime
    source: str


class AnswerRefused(WinbackError):
    """`field`: of the form, what has to be put right; None where it is the answer as a whole."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class NotAllowed(AnswerRefused):
    """It is not theirs to answer."""


def may_answer(settings: Settings, case: Case, actor: Actor, now: dt.datetime) -> bool:
    """Whom a message about the case was written for or sent to, its owner now, and their managers."""
    if actor.answers_for_all:
        return True
    csms = [stored.owner_of(case, now), *stored.addressed(case.pk)]
    own = csm_key(actor.name, actor.email)
    is_theirs = own is not None and any(csm_key(*csm) == own for csm in csms)
    return is_theirs or stored.was_written_to(case.pk, actor.id) or people.is_manager(settings, actor.name, actor.email)


def allowed_case(settings: Settings, case_id: int, actor: Actor, now: dt.datetime) -> Case:
    """The case, where the actor may answer for it. Raises NotAllowed, or AnswerRefused where it is gone."""
    case = stored.find_case(case_id)
    if case is None:
        raise AnswerRefused(say(settings, "answer.gone"))
    if not may_answer(settings, case, actor, now):
        owner = stored.owner_of(case, now)
        shown = owner[0] or owner[1] or say(settings, "answer.nobody")
        raise NotAllowed(say(settings, "answer.not_allowed", merchant=_merchant(case), owner=shown))
    return case


def reach_out(settings: Settings, case_id: int, actor: Actor, now: dt.datetime, key: str, source: str = "slack") -> str:
    """An activity: the CSM has contacted the account. What to say to them."""
    case = open_case(settings, case_id, actor, now)
    values = {"product": case.product, "uid": case.uid, "csm_name": actor.name or actor.shown}
    stored.add_activity(
        source, key, **values, csm_email=actor.email, kind="reached_out", occurred_at=now, logged_at=now
    )
    return say(settings, "answer.reached_out", merchant=_merchant(case))


def claim(
    settings: Settings,
    case_id: int,
    outcome: Outcome,
    reason: str | None,
    note: str | None,
    actor: Actor,
    now: dt.datetime,
    key: str,
    source: str = "slack",
) -> str:
    """What a CSM says of a case (rules.md R6.1); also after the account came back."""
    case = allowed_case(settings, case_id, actor, now)
    _add_claim(settings, case, Said(outcome, reason, note, now, source), actor, now, key)
    return _told_of_claim(settings, case, outcome)


def claim_of_account(
    settings: Settings, product: str | None, uid: str, said: Said, actor: Actor, now: dt.datetime, key: str
) -> str:
    """A claim that names no case is about the account's newest one with a churn not later than the moment it speaks
    of, of any product where none is named, fixed when it is recorded (rules.md R6.1). Whoever makes it again hears so,
    unlike after a second click: they may have meant another one. Raises AnswerRefused where there is no case."""
    case = stored.newest_case(product, uid, said.at)
    if case is None:
        at = format_moment(said.at)
        raise AnswerRefused(say(settings, "answer.no_case", uid=uid, product=product or "any product", at=at))
    if _add_claim(settings, case, said, actor, now, key):
        return _told_of_claim(settings, case, said.outcome)
    again = "answer.claimed_before" if claims.counts(key) else "answer.claimed_before_and_since"
    return say(settings, again, merchant=_merchant(case))


def _add_claim(settings: Settings, case: Case, said: Said, actor: Actor, now: dt.datetime, key: str) -> bool:
    """Whether it is new, or about a case again after an undo had taken its case away."""
    _refuse_void(case, settings)
    reasons = settings.claims.reasons_won if said.outcome == "won" else settings.claims.reasons_lost
    if said.reason not in reasons and not (said.reason is None and said.source == "cli"):
        raise AnswerRefused(say(settings, "answer.which_reason", reasons=", ".join(reasons)), "reason")
    if said.note is not None and len(said.note) > LONGEST_NOTE:
        many = {"most": f"{LONGEST_NOTE:,}", "found": f"{len(said.note):,}"}
        raise AnswerRefused(say(settings, "answer.long_note", **many), "note")
    new = NewClaim(
        answer=key,
        uid=case.uid,
        outcome=said.outcome,
        csm_name=actor.name or actor.shown,
        csm_email=actor.email,
        claimed_at=said.at,
        source=said.source,
        product=case.product,
        reason=said.reason,
        note=said.note or None,
        case_id=case.pk,
    )
    with writing():
        recorded = claims.record_claims([new], now)
        if is_news := bool(recorded.added or recorded.changed):
            note(now, actor.shown, f"claimed {said.outcome}", case_named(case), said.reason)
    return is_news


def _told_of_claim(settings: Settings, case: Case, outcome: Outcome) -> str:
    if outcome == "lost":
        return say(settings, "answer.lost", merchant=_merchant(case))
    if case.readopted_at is not None:
        return say(settings, "answer.back", merchant=_merchant(case))
    days = settings.claims.recovery_within_days
    return say(settings, "answer.won", merchant=_merchant(case), days=days)


def snooze(
    settings: Settings, case_id: int, until: dt.datetime, reason: str, actor: Actor, now: dt.datetime, key: str
) -> str:
    """No follow-ups until then (rules.md R5.2)."""
    case = open_case(settings, case_id, actor, now)
    if not now < until <= now + _LONGEST_SNOOZE:
        raise AnswerRefused(say(settings, "answer.which_day", days=_LONGEST_SNOOZE.days), "until")
    if not reason.strip():
        raise AnswerRefused(say(settings, "answer.why_snoozed"), "reason")
    values = {"case": case, "set_at": now, "until_at": until, "reason": reason.strip()}
    day = f"{local_date(until, settings.tz):%a %d %b}"
    with writing():
        if stored.add_snooze(key, **values, csm_name=actor.name or actor.shown, csm_email=actor.email):
            note(now, actor.shown, "case snoozed", case_named(case), f"until {day}: {reason.strip()}")
    return say(settings, "answer.snoozed", merchant=_merchant(case), day=day)


def reassign(
    settings: Settings,
    case_id: int,
    to: stored.Csm,
    actor: Actor,
    now: dt.datetime,
    key: str,
    reason: str | None = None,
) -> str:
    """The case's account is another CSM's from now on; they are told, but of one that is held out (rules.md R6.6)."""
    case = open_case(settings, case_id, actor, now)
    shown = to[0] or to[1] or ""
    if csm_key(*to) == csm_key(*stored.owner_of(case, now)):
        return say(settings, "answer.theirs_already", merchant=_merchant(case), owner=shown)
    with writing():
        is_new = stored.assign(key, case, to, actor.shown, reason, now)
        if is_new:
            note(now, actor.shown, "case reassigned", case_named(case), given_to(shown, reason))
    if is_new and not is_hidden(case.arm, case.churned_at, now):
        notices.of_assignment(settings, [case], to, actor.shown, now)
    return say(settings, "answer.reassigned", merchant=_merchant(case), owner=shown)


def doubt(settings: Settings, case_id: int, reason: str, actor: Actor, now: dt.datetime, key: str) -> str:
    """The data is wrong: an operator is asked to make the case void (rules.md R4.7)."""
    case = allowed_case(settings, case_id, actor, now)
    _refuse_void(case, settings)
    if not reason.strip():
        raise AnswerRefused(say(settings, "answer.what_is_wrong"), "reason")
    text = say_doubt(case, actor.shown, reason, settings)
    with writing():
        if alerts.of_doubt(settings, case.product, case.pk, text, key, now):
            note(now, actor.shown, "data doubted", case_named(case), reason.strip())
    return say(settings, "answer.doubted", merchant=_merchant(case))


def rate(settings: Settings, message_key: str, useful: bool, actor: Actor, now: dt.datetime) -> str:
    """Whether a message was useful: the last answer of each person counts."""
    message = stored.find_message(message_key)
    if message is None:
        raise AnswerRefused(say(settings, "answer.unknown_message"))
    if not _may_rate(settings, message, actor, now):
        raise NotAllowed(say(settings, "answer.not_yours"))
    stored.rate(message, actor.id, (actor.name or actor.shown, actor.email), useful, now)
    return say(settings, "answer.useful" if useful else "answer.not_useful")


def _may_rate(settings: Settings, message: Message, actor: Actor, now: dt.datetime) -> bool:
    """Who got it, whom it was for, and whoever may answer for one of its cases."""
    if message.address == actor.id:
        return True
    own, told = csm_key(actor.name, actor.email), stored.told_by(message)
    if own is not None and any(csm_key(name, email) == own for _, name, email in told):
        return True
    cases = filter(None, (stored.find_case(case) for case, *_ in told if case is not None))
    return any(may_answer(settings, case, actor, now) for case in cases)


def open_case(settings: Settings, case_id: int, actor: Actor, now: dt.datetime) -> Case:
    """An allowed case that is not back yet. Raises AnswerRefused in kind words where it is."""
    case = allowed_case(settings, case_id, actor, now)
    _refuse_void(case, settings)
    if case.readopted_at is not None:
        since = f"{local_date(case.readopted_at, settings.tz):%a %d %b}"
        raise AnswerRefused(say(settings, "answer.back_already", merchant=_merchant(case), since=since))
    return case


def _refuse_void(case: Case, settings: Settings) -> None:
    if case.voided_at is not None:
        raise AnswerRefused(say(settings, "answer.void", merchant=_merchant(case), reason=case.void_reason))


def _merchant(case: Case) -> str:
    return case.merchant_name or case.uid
