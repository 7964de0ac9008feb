"""What a form that was sent does: the use case behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from winback import answers, people
from winback.answers import Actor, AnswerRefused
from winback.errors import UsageError
from winback.web.forms import Answer, Doubt, LogOutcome, ReachOut, Reassign, Snooze

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import Case

Doing = Callable[["Settings", int, Any, Actor, dt.datetime, str], str]


def _reach_out(settings: Settings, case: int, form: ReachOut, actor: Actor, now: dt.datetime, key: str) -> str:
    return answers.reach_out(settings, case, actor, now, key, "web")


def _log_outcome(settings: Settings, case: int, form: LogOutcome, actor: Actor, now: dt.datetime, key: str) -> str:
    said = form.cleaned_data["note"]
    return answers.claim(settings, case, form.outcome, form.reason, said, actor, now, key, "web")


def _snooze(settings: Settings, case: int, form: Snooze, actor: Actor, now: dt.datetime, key: str) -> str:
    return answers.snooze(settings, case, form.until_at, form.cleaned_data["reason"], actor, now, key)


def _reassign(settings: Settings, case: int, form: Reassign, actor: Actor, now: dt.datetime, key: str) -> str:
    try:
        to = people.csm_named(form.cleaned_data["to"], settings)
    except UsageError as error:
        raise AnswerRefused(str(error), "to") from error
    return answers.reassign(settings, case, to, actor, now, key, form.cleaned_data["reason"] or None)


def _doubt(settings: Settings, case: int, form: Doubt, actor: Actor, now: dt.datetime, key: str) -> str:
    return answers.doubt(settings, case, form.cleaned_data["reason"], actor, now, key)


_DOING: dict[type[Answer], Doing] = {
    ReachOut: _reach_out,
    LogOutcome: _log_outcome,
    Snooze: _snooze,
    Reassign: _reassign,
    Doubt: _doubt,
}


def take_answer(settings: Settings, case: Case, form: Answer, actor: Actor, now: dt.datetime) -> str | None:
    """What to say to who sent a valid form; None where it is refused, with the reason in the form. The same form sent
    again says the same, and changes nothing."""
    key = f"{actor.id}:{type(form).__name__.lower()}:{case.pk}:{form.digest()}"
    try:
        return _DOING[type(form)](settings, case.pk, form, actor, now, key)
    except AnswerRefused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(refused))
        return None
