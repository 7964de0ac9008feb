"""What is known of a CSM: from [people] of the settings, else as somebody has set it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from winback.core.texts import name_key
from winback.store import people as stored
from winback.store.models import Person

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.settings.sections import Person as Section

Source = tuple[str, "Section | Person"]


@dataclass(frozen=True)
class Profile:
    """`name`, `reported_email`: as the report has them; `email`: where mail reaches them, where that is said elsewhere.
    `said_in`: field → settings or set."""

    name: str | None
    reported_email: str | None
    slack: str | None = None
    email: str | None = None
    manager: str | None = None
    timezone: str | None = None
    country: str | None = None
    away_until: dt.datetime | None = None
    covered_by: str | None = None
    said_in: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        return self.name or self.reported_email or ""

    @property
    def emails(self) -> list[str]:
        return [each for each in (self.email, self.reported_email) if each]

    def is_away(self, now: dt.datetime) -> bool:
        return self.away_until is not None and now < self.away_until


def profile_of(name: str | None, email: str | None, settings: Settings) -> Profile:
    """What stands under the e-mail address counts before what stands under the name, the settings before what was
    set."""
    known: dict[str, Any] = {}
    said_in: dict[str, str] = {}
    for origin, source in _sources(name, email, settings):
        for each in stored.SETTABLE:
            value = getattr(source, each, None)
            if value is not None and each not in known:
                known[each], said_in[each] = value, origin
    return Profile(name, email, **known, said_in=said_in)


def profile_named(text: str, settings: Settings) -> Profile:
    """Of a manager or cover, named by e-mail or by name; a CSM of that name has the address of the reports."""
    if "@" in text:
        return profile_of(None, text, settings)
    emails = stored.emails_of(text)
    return profile_of(text, emails.pop() if len(emails) == 1 else None, settings)


def has_namesake(name: str | None, email: str | None) -> bool:
    """Whether another CSM bears the name; such two are told apart by e-mail alone."""
    return name is not None and email is not None and bool(stored.emails_of(name) - {email.lower()})


def _sources(name: str | None, email: str | None, settings: Settings) -> Iterator[Source]:
    of_email, of_name = name_key(email or ""), name_key(name or "")
    written = {name_key(key): section for key, section in settings.people.items()}
    persons = stored.persons([of_email, of_name])
    for origin, found in (("settings", written), ("set", persons)):
        if of_email and of_email in found:
            yield origin, found[of_email]
        if of_name and of_name in found and _is_theirs(found[of_name].email, name, email):
            yield origin, found[of_name]


def _is_theirs(said: str | None, name: str | None, email: str | None) -> bool:
    """What stands under a name is of the CSM with the address that it has; without one, of the only CSM so named."""
    if email is None or (said is not None and said.lower() == email.lower()):
        return True
    return not has_namesake(name, email)
