"""The forms with which accounts are answered for. Each has a key: sent twice, it counts once."""

from __future__ import annotations

import datetime as dt
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from winback.answers import LONGEST_NOTE
from winback.core.moments import local_date, start_of_day

if TYPE_CHECKING:
    from winback.core.claims import Outcome
    from winback.settings import Settings

_LONGEST_REASON = 1_000
_SNOOZE = dt.timedelta(days=7)


def _new_key() -> str:
    return secrets.token_urlsafe(12)


class Answer(forms.Form):
    """`button`: what sending it does."""

    button: ClassVar[str]
    is_second: ClassVar[bool] = True
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=_new_key)

    def __init__(self, data: Any, settings: Settings, now: dt.datetime, **options: Any) -> None:
        """Several forms in a page: each has ids of its own."""
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-{secrets.token_hex(3)}-%s", **options)
        self.settings, self.now = settings, now

    def digest(self) -> str:
        """The same for the same form with the same content; changed and sent again it is another answer."""
        said = "\0".join(f"{name}={value}" for name, value in sorted(self.cleaned_data.items()))
        return sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


class ReachOut(Answer):
    button = "I reached out"


class LogOutcome(Answer):
    """One choice says how it ended and why."""

    button = "Log outcome"
    is_second = False
    ended = forms.ChoiceField(label="How did it end, and why?")
    note = forms.CharField(
        label="Anything else worth knowing?",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, settings: Settings, now: dt.datetime, **options: Any) -> None:
        super().__init__(data, settings, now, **options)
        days = settings.claims.recovery_within_days
        ended: Any = self.fields["ended"]
        ended.choices = [
            ("", "Choose …"),
            (f"Won: they are back, or will be within {days} days", _choices("won", settings.claims.reasons_won)),
            ("Lost: they will not come back", _choices("lost", settings.claims.reasons_lost)),
        ]

    @property
    def outcome(self) -> Outcome:
        return "won" if self.cleaned_data["ended"].startswith("won:") else "lost"

    @property
    def reason(self) -> str:
        reason: str = self.cleaned_data["ended"].partition(":")[2]
        return reason


def _choices(outcome: str, reasons: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"{outcome}:{reason}", f"{outcome.capitalize()}: {reason}") for reason in reasons]


class Snooze(Answer):
    button = "Snooze"
    until = forms.DateField(
        label="No reminders until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    reason = forms.CharField(label="Why?", max_length=_LONGEST_REASON)

    def __init__(self, data: Any, settings: Settings, now: dt.datetime, **options: Any) -> None:
        super().__init__(data, settings, now, **options)
        self.fields["until"].initial = local_date(now + _SNOOZE, settings.tz)

    @property
    def until_at(self) -> dt.datetime:
        return start_of_day(self.cleaned_data["until"], self.settings.tz)


class Reassign(Answer):
    button = "Hand over"
    to = forms.CharField(
        label="Whose account is it?",
        max_length=_LONGEST_REASON,
        widget=forms.TextInput(attrs={"list": "csms", "autocomplete": "off"}),
    )
    reason = forms.CharField(label="Anything they should know?", required=False, max_length=_LONGEST_REASON)


class Doubt(Answer):
    button = "The data is wrong"
    reason = forms.CharField(label="What is wrong with the data?", max_length=_LONGEST_REASON)


class Void(Answer):
    button = "Make the case void"
    reason = forms.CharField(
        label="Why must it count nowhere?", max_length=_LONGEST_REASON, help_text="It can't be taken back."
    )


class Useful(forms.Form):
    useful = forms.ChoiceField(choices=[("yes", "Useful"), ("no", "Not useful")])
