"""Who is who, as rows: what people set, the directory of Slack, and the CSMs whom reports and people name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import Max, Q

from winback.core.texts import name_key
from winback.store import database, finding
from winback.store.database import writing
from winback.store.models import Case, Member, Notification, Person

Csm = tuple[str | None, str | None]
_kept: ContextVar[dict[str, set[str]] | None] = ContextVar("e-mail addresses by name", default=None)
_known: ContextVar[_Known | None] = ContextVar("what is set of people, and the directory", default=None)
# What `set_person` may set; the rest of a row says who did and when.
SETTABLE = ("slack", "email", "manager", "timezone", "country", "away_until", "covered_by")


@dataclass(frozen=True)
class Listed:
    """A member as the directory of Slack lists them. `is_person`: neither robot nor system."""

    slack: str
    real_name: str | None
    display_name: str | None
    email: str | None
    timezone: str | None
    is_active: bool
    is_person: bool
    is_guest: bool


# What people set


def persons(keys: Iterable[str]) -> dict[str, Person]:
    if kept := _known.get():
        return {key: kept.persons[key] for key in keys if key in kept.persons}
    return {person.key: person for person in Person.objects.filter(key__in=list(keys))}


def all_persons() -> list[Person]:
    return list(Person.objects.order_by("key"))


def persons_of(slack: str) -> list[Person]:
    return list(Person.objects.filter(slack=slack))


@writing()
def set_person(name: str, values: dict[str, Any], by: str, now: dt.datetime) -> Person:
    """`values`: of SETTABLE; None clears one, what is not in it stays."""
    person = Person.objects.filter(key=name_key(name)).first() or Person(key=name_key(name), name=name)
    for field in values.keys() & set(SETTABLE):
        setattr(person, field, values[field])
    person.set_by, person.set_at = by, now
    person.save()
    return person


# The directory


@writing()
def keep_members(listed: Iterable[Listed], now: dt.datetime) -> None:
    """The directory as it is now, in the place of what it was."""
    Member.objects.all().delete()
    Member.objects.bulk_create([_member(each, now) for each in listed], batch_size=500)


def directory_read_at() -> dt.datetime | None:
    newest: dt.datetime | None = Member.objects.aggregate(at=Max("read_at"))["at"]
    return newest


def member(slack: str) -> Member | None:
    if kept := _known.get():
        return kept.members.get(slack)
    return Member.objects.filter(pk=slack).first()


def member_of_email(emails: Iterable[str]) -> Member | None:
    """An active one before one that is not any more."""
    wanted = {each.lower() for each in emails}
    if kept := _known.get():
        found = [member for email in wanted for member in kept.by_email.get(email, ())]
        return min(found, key=lambda member: (not member.is_active, member.slack), default=None)
    people = Member.objects.filter(email__in=wanted, is_person=True)
    return people.order_by("-is_active", "slack").first()


def members_of_name(name: str) -> list[Member]:
    """Whom a name may mean: active people, no guests."""
    if kept := _known.get():
        return kept.by_name.get(name_key(name), [])[:2]
    named = Member.objects.filter(Q(real_key=name_key(name)) | Q(display_key=name_key(name)))
    return list(named.filter(is_active=True, is_person=True, is_guest=False).order_by("slack")[:2])


def _member(listed: Listed, now: dt.datetime) -> Member:
    return Member(
        slack=listed.slack,
        real_name=listed.real_name,
        display_name=listed.display_name,
        real_key=name_key(listed.real_name or "") or None,
        display_key=name_key(listed.display_name or "") or None,
        email=listed.email.lower() if listed.email else None,
        timezone=listed.timezone,
        is_active=listed.is_active,
        is_person=listed.is_person,
        is_guest=listed.is_guest,
        read_at=now,
    )


# CSMs of open cases


def open_csms(data: Path) -> dict[Csm, int]:
    """Each owner of an open case → how many. `data`: the folder of the histories."""
    return {(name, email): count for name, email, count in finding.rows_of(data, "open_csms")}


def csms_written_to(address: str) -> list[Csm]:
    """Whom messages were for that went to an address."""
    sent = Notification.objects.filter(message__address=address, status="sent")
    return list(sent.values_list("csm_name", "csm_email").distinct())


def was_csm(text: str) -> bool:
    """Whether a report named somebody so, by name or e-mail, as the CSM of any case."""
    return Case.objects.filter(Q(csm_name=text) | Q(csm_email__iexact=text)).exists()


def emails_of(name: str) -> set[str]:
    """The e-mail addresses of the CSMs of that name, in lower case."""
    kept = _kept.get()
    if kept is None:
        return _emails_by_name(name).get(name, set())
    if not kept:
        # Nobody is named so: what is there now has been asked for, also where nobody has an address.
        kept.update({"": set()} | _emails_by_name(None))
    return kept.get(name, set())


@contextmanager
def people_kept() -> Iterator[None]:
    """Within, the names, what is set of people and the directory are asked for at most once: for looking at many,
    while nothing is changed."""
    token = _known.set(_Known())
    try:
        with names_kept():
            yield
    finally:
        _known.reset(token)


@contextmanager
def names_kept() -> Iterator[None]:
    """Within, who bears which name is asked at most once: for going through many people."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _emails_by_name(name: str | None) -> dict[str, set[str]]:
    emails: dict[str, set[str]] = {}
    for each, email in database.rows("emails_of", {"name": name}):
        emails.setdefault(each, set()).add(email)
    return emails


class _Known:
    @cached_property
    def persons(self) -> dict[str, Person]:
        return {person.key: person for person in Person.objects.all()}

    @cached_property
    def members(self) -> dict[str, Member]:
        return {member.slack: member for member in Member.objects.order_by("slack")}

    @cached_property
    def by_email(self) -> dict[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for member in self.members.values():
            if member.is_person and member.email:
                found.setdefault(member.email, []).append(member)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[Member]]:
        """Active people, no guests."""
        found: dict[str, list[Member]] = {}
        for member in self.members.values():
            if member.is_active and member.is_person and not member.is_guest:
                for key in {member.real_key, member.display_key} - {None}:
                    found.setdefault(str(key), []).append(member)
        return found
