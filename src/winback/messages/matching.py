"""Which member of Slack a CSM is: as somebody said, else by e-mail, else by a name that one member alone bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from winback.messages.profiles import Profile, has_namesake
from winback.store import people as stored
from winback.store.models import Member

How = Literal["settings", "set", "e-mail", "name"]
Problem = Literal["unmatched", "several", "deactivated"]


@dataclass(frozen=True)
class Match:
    """`slack`: None where there is a `problem`. What was matched by name is for a person to review."""

    slack: str | None = None
    how: How | None = None
    problem: Problem | None = None
    timezone: str | None = None


def match_slack(profile: Profile) -> Match:
    if profile.slack is not None:
        return _said(profile)
    if profile.emails and (member := stored.member_of_email(profile.emails)):
        # Whoever is gone is not looked for by name: that would be somebody else.
        return _matched(member, "e-mail")
    return _by_name(profile)


def _said(profile: Profile) -> Match:
    assert profile.slack is not None  # noqa: S101
    how: How = "settings" if profile.said_in.get("slack") == "settings" else "set"
    member = stored.member(profile.slack)
    return Match(profile.slack, how) if member is None else _matched(member, how)


def _by_name(profile: Profile) -> Match:
    members = stored.members_of_name(profile.name) if profile.name else []
    if len(members) > 1 or (members and has_namesake(profile.name, profile.reported_email)):
        return Match(problem="several")
    return _matched(members[0], "name") if members else Match(problem="unmatched")


def _matched(member: Member, how: How) -> Match:
    """Slack takes messages to a deactivated member, and shows them to nobody."""
    if not member.is_active:
        return Match(problem="deactivated", timezone=member.timezone)
    return Match(member.slack, how, timezone=member.timezone)
