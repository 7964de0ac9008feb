"""Who a CSM of the report is, by e-mail where the report has one, else by name (rules.md §1), and where a channel
reaches them: themselves, whoever covers for them, or the fallback."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from winback.messages.channel import Recipient
from winback.messages.identity import csm_of, is_manager
from winback.messages.matching import match_slack
from winback.messages.profiles import Profile, has_namesake, profile_named, profile_of
from winback.messages.quiet_hours import good_time
from winback.messages.wording import say
from winback.store import people as stored

if TYPE_CHECKING:
    from winback.settings import Settings

__all__ = [
    "Addressee",
    "addressee_at",
    "csm_key",
    "csm_of",
    "fallback_for",
    "find_addressee",
    "good_time",
    "is_manager",
    "manager_of",
]

# Channels that lead to one place, whoever a message is for, which takes so many a minute.
_OF_ONE_PLACE = ("teams",)
# Names of channels as people write them.
_PROPER = {"slack": "Slack", "teams": "Teams", "email": "e-mail"}


@dataclass(frozen=True)
class Addressee:
    """`recipient`: where a channel delivers; None when a message has nowhere to go. `is_fallback`: it goes to
    everybody's channel. `note`: whom it was for, where somebody else gets it; `problem`, `command`: why the CSM can't
    be reached, an entry of [preface], and what mends it. `csm`: whom it is for, None for an account without a CSM.
    `timezone`, `country`: of whoever gets it, where they are known."""

    name: str
    recipient: Recipient | None
    is_fallback: bool = False
    note: str | None = None
    csm: Profile | None = None
    timezone: str | None = None
    country: str | None = None
    problem: str | None = None
    command: str | None = None


def csm_key(name: str | None, email: str | None) -> str | None:
    """What tells one CSM from another; None for an account without a CSM."""
    return email.lower() if email else name


def find_addressee(
    name: str | None, email: str | None, channel: str, settings: Settings, now: dt.datetime
) -> Addressee:
    if name is None and email is None:
        return _to_fallback(say(settings, "preface.nobody"), None, channel, settings)
    profile = profile_of(name, email, settings)
    if profile.is_away(now):
        return _covered(profile, channel, settings, now)
    reached = _reach(profile, channel, settings)
    return reached if isinstance(reached, Addressee) else _instead(profile, reached, channel, settings)


def addressee_at(
    recipient: Recipient, name: str | None, email: str | None, channel: str, settings: Settings, now: dt.datetime
) -> Addressee:
    """Of a message that was sent already: with a note whom it is for, where it is with somebody else."""
    found = find_addressee(name, email, channel, settings, now)
    if found.recipient is not None and found.recipient.address == recipient.address:
        return replace(found, recipient=recipient)
    if recipient.address == _fallback_address(channel, settings.messages.fallback):
        note = say(settings, "preface.instead", csm=name or email or "")
        return Addressee(found.name, recipient, is_fallback=True, note=note, csm=found.csm)
    return Addressee(recipient.shown, recipient)


def fallback_for(addressee: Addressee, channel: str, settings: Settings) -> Addressee:
    """Who hears of what the channel can't bring to a person."""
    profile = addressee.csm or Profile(addressee.name, None)
    return _instead(profile, "unreachable", channel, settings)


def manager_of(addressee: Addressee, channel: str, settings: Settings, now: dt.datetime) -> Addressee | None:
    """Of the CSM whom a message is for; None where there is none, or where they have it already."""
    if addressee.csm is None or addressee.csm.manager is None:
        return None
    named = profile_named(addressee.csm.manager, settings)
    manager = find_addressee(named.name, named.reported_email, channel, settings, now)
    return None if manager.recipient == addressee.recipient else manager


def _reach(profile: Profile, channel: str, settings: Settings) -> Addressee | str:
    """The CSM themselves; or why not, an entry of the wording."""
    if channel == "slack":
        match = match_slack(profile)
        if match.slack is None:
            return match.problem or "unmatched"
        shown = f"{profile.shown} (matched by name)" if match.how == "name" else profile.shown
        return _themselves(profile, Recipient(match.slack, shown), match.timezone)
    address = profile.email or profile.reported_email
    if channel == "email" and address is None:
        return "no_email"
    full = f"{profile.shown} <{address}>" if address and address != profile.shown else profile.shown
    recipient = Recipient(channel if channel in _OF_ONE_PLACE else address or profile.shown, full)
    needs_zone = settings.quiet_hours is not None and profile.timezone is None
    return _themselves(profile, recipient, match_slack(profile).timezone if needs_zone else None)


def _themselves(profile: Profile, recipient: Recipient, timezone: str | None) -> Addressee:
    zone = profile.timezone or timezone
    return Addressee(profile.shown, recipient, csm=profile, timezone=zone, country=profile.country)


def _covered(profile: Profile, channel: str, settings: Settings, now: dt.datetime) -> Addressee:
    """While somebody is away, whoever covers for them gets it; whoever covers for those does not."""
    if profile.covered_by is None:
        return _instead(profile, "away", channel, settings)
    cover = profile_named(profile.covered_by, settings)
    reached = None if cover.is_away(now) else _reach(cover, channel, settings)
    if not isinstance(reached, Addressee):
        return _instead(profile, "cover_unreachable", channel, settings)
    note = _note(profile, "covering", channel, settings)
    return Addressee(reached.name, reached.recipient, False, note, profile, reached.timezone, reached.country)


def _instead(profile: Profile, why: str, channel: str, settings: Settings) -> Addressee:
    found = _to_fallback(profile.shown, _note(profile, why, channel, settings), channel, settings)
    return replace(found, csm=profile, problem=why, command=_mending(profile, why, channel))


def _note(profile: Profile, why: str, channel: str, settings: Settings) -> str:
    until = f"{profile.away_until.astimezone(settings.tz):%a %d %b %Y}" if profile.away_until else ""
    cover = profile.covered_by or ""
    command = _mending(profile, why, channel)
    return say(
        settings,
        f"preface.{why}",
        csm=profile.shown,
        channel=_PROPER.get(channel, channel),
        until=until,
        cover=cover,
        command=command,
    )


def _mending(profile: Profile, why: str, channel: str) -> str:
    """To be pasted into a terminal: nothing in a name of the report may act there."""
    key = profile.reported_email if has_namesake(profile.name, profile.reported_email) else profile.shown
    ways = {"away": "--covered-by NAME", "cover_unreachable": "--covered-by NAME"}
    of_channel = "--email ADDRESS" if channel == "email" else "--slack MEMBER_ID"
    return f"winback people set {shlex.quote(' '.join((key or '').split()))} {ways.get(why, of_channel)}"


def _to_fallback(name: str, note: str | None, channel: str, settings: Settings) -> Addressee:
    """Where there is nowhere to go, the note says why."""
    fallback = settings.messages.fallback
    address = _fallback_address(channel, fallback)
    if address is not None:
        return Addressee(name, Recipient(address, fallback), is_fallback=True, note=note)
    nowhere = f'messages.fallback "{fallback}" is none for {channel}' if fallback else "no messages.fallback"
    return Addressee(name, None, is_fallback=True, note=f"{note or say(settings, 'preface.no_csm')} ({nowhere})")


def _fallback_address(channel: str, fallback: str) -> str | None:
    is_address = "@" in fallback.strip("@")
    if not fallback or (channel == "email" and not is_address):
        return None
    if channel == "slack" and is_address:
        member = stored.member_of_email([fallback])
        return member.slack if member and member.is_active else None
    return channel if channel in _OF_ONE_PLACE else fallback
