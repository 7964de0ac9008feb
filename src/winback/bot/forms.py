"""The four forms: what stands in each, and what is made of one that was filled in.

What can be told without the database, that a date is missing say, is told in the form (`Wrong`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winback import answers
from winback.answers import Actor, AnswerRefused
from winback.bot.fields import choice, field, filled, selection, text_field
from winback.bot.views import View, about_of, form
from winback.channels.slack import blocks
from winback.core.moments import local_date, start_of_day
from winback.messages.people import csm_of
from winback.messages.wording import say
from winback.store import people as stored

if TYPE_CHECKING:
    from winback.channels.slack.blocks import Block
    from winback.core.claims import Outcome
    from winback.settings import Settings
    from winback.store.answers import Csm
    from winback.store.models import Case

# What is done once somebody may do it: who, when, and the key by which it counts once → what to say to them.
Doing = Callable[[Actor, dt.datetime, str], str]
_SNOOZES = (1, 3, 7)
_MOST_REASONS = 100
_LONGEST_SNOOZE = 90


class Wrong(Exception):
    """Field → what is to be put right in it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields)
        self.fields = fields


@dataclass(frozen=True)
class Form:
    """`is_about_open`: of no use once the account is back; `shown`: its fields; `read`: what it says to do with a
    case."""

    is_about_open: bool
    shown: Callable[[Settings, dict[str, Any]], list[Block]]
    read: Callable[[Settings, View, int, dt.datetime], Doing]


def build_form(name: str, case: Case, about: dict[str, Any], settings: Settings) -> View:
    heading = say(settings, "form.about", merchant=case.merchant_name or case.uid, product=case.product, uid=case.uid)
    shown = [blocks.context(heading), *FORMS[name].shown(settings, about)]
    return form(say(settings, f"button.{name}"), shown, name, about, settings)


def with_outcome(view: View, outcome: str, settings: Settings) -> View:
    """The form for an outcome with the reasons of that one; what was written stays."""
    about = about_of(view) | {"outcome": outcome}
    shown = [view["blocks"][0], *_outcome_fields(settings, about)]
    return form(say(settings, "button.log_outcome"), shown, "log_outcome", about, settings)


# Log outcome


def _outcome_fields(settings: Settings, about: dict[str, Any]) -> list[Block]:
    outcome = about.get("outcome")
    days = settings.claims.recovery_within_days
    ways = [("won", say(settings, "form.won", days=days)), ("lost", say(settings, "form.lost"))]
    shown = [choice("outcome", say(settings, "form.outcome"), ways, outcome, acts=True)]
    if outcome is not None:
        listed = [(str(place), reason) for place, reason in enumerate(_reasons(settings, outcome))]
        # An id of its own for each outcome: Slack would keep what was chosen under the same one.
        shown.append(selection(f"reason_{outcome}", say(settings, "form.reason"), listed))
    return [*shown, text_field("note", say(settings, "form.note"), optional=True)]


def _reasons(settings: Settings, outcome: str) -> tuple[str, ...]:
    claims = settings.claims
    return (claims.reasons_won if outcome == "won" else claims.reasons_lost)[:_MOST_REASONS]


def _read_outcome(settings: Settings, view: View, case: int, now: dt.datetime) -> Doing:
    outcome: Outcome = "won" if filled(view, "outcome") == "won" else "lost"
    place, reasons = filled(view, f"reason_{outcome}"), _reasons(settings, outcome)
    if place is None or not place.isdecimal() or int(place) >= len(reasons):
        raise Wrong({"outcome": say(settings, "form.choose_reason")})
    reason, note = reasons[int(place)], filled(view, "note")
    return lambda actor, at, key: answers.claim(settings, case, outcome, reason, note, actor, at, key)


# Snooze


def _snooze_fields(settings: Settings, about: dict[str, Any]) -> list[Block]:
    lengths = [(str(days), _days(days, settings)) for days in _SNOOZES]
    return [
        choice("until", say(settings, "form.snooze"), [*lengths, ("date", say(settings, "form.snooze_until"))]),
        field("date", say(settings, "form.date"), {"type": "datepicker"}, optional=True),
        text_field("reason", say(settings, "form.why")),
    ]


def _days(days: int, settings: Settings) -> str:
    return say(settings, "form.snooze_day") if days == 1 else say(settings, "form.snooze_days", days=days)


def _read_snooze(settings: Settings, view: View, case: int, now: dt.datetime) -> Doing:
    chosen, reason = filled(view, "until"), filled(view, "reason")
    today = local_date(now, settings.tz)
    on = _date(filled(view, "date"), settings) if chosen == "date" else today + dt.timedelta(days=int(chosen or 1))
    if not today < on <= today + dt.timedelta(days=_LONGEST_SNOOZE):
        raise Wrong({"date": say(settings, "answer.which_day", days=_LONGEST_SNOOZE)})
    if reason is None:
        raise Wrong({"reason": say(settings, "form.blank")})
    until = start_of_day(on, settings.tz)
    return lambda actor, at, key: answers.snooze(settings, case, until, reason, actor, at, key)


def _date(written: str | None, settings: Settings) -> dt.date:
    if written is None:
        raise Wrong({"date": say(settings, "form.choose_date")})
    return dt.date.fromisoformat(written)


# Not mine


def _colleague_fields(settings: Settings, about: dict[str, Any]) -> list[Block]:
    return [
        field("colleague", say(settings, "form.colleague"), {"type": "users_select"}),
        text_field("reason", say(settings, "form.colleague_why"), optional=True),
    ]


def _read_colleague(settings: Settings, view: View, case: int, now: dt.datetime) -> Doing:
    chosen, reason = filled(view, "colleague") or "", filled(view, "reason")

    def give(actor: Actor, at: dt.datetime, key: str) -> str:
        return answers.reassign(settings, case, _colleague(settings, chosen), actor, at, key, reason)

    return give


def _colleague(settings: Settings, slack: str) -> Csm:
    """Whom reports name, where they do; else as Slack has them. Nobody that accounts can't be given to."""
    member = stored.member(slack)
    known = csm_of(slack, settings)
    if known is not None:
        return known
    if member is None or not member.is_active or not member.is_person or member.is_guest:
        shown = (member and (member.real_name or member.display_name)) or slack
        raise AnswerRefused(say(settings, "form.colleague_unknown", member=shown))
    return member.real_name or member.display_name, member.email


# Data is wrong


def _doubt_fields(settings: Settings, about: dict[str, Any]) -> list[Block]:
    return [text_field("reason", say(settings, "form.doubt"))]


def _read_doubt(settings: Settings, view: View, case: int, now: dt.datetime) -> Doing:
    reason = filled(view, "reason")
    if reason is None:
        raise Wrong({"reason": say(settings, "form.blank")})
    return lambda actor, at, key: answers.doubt(settings, case, reason, actor, at, key)


FORMS = {
    "log_outcome": Form(False, _outcome_fields, _read_outcome),
    "snooze": Form(True, _snooze_fields, _read_snooze),
    "not_mine": Form(True, _colleague_fields, _read_colleague),
    "data_wrong": Form(False, _doubt_fields, _read_doubt),
}
