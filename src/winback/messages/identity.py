"""The reverse: which CSM or manager somebody is who writes to us from Slack.

Names in Slack are everybody's own to choose: a member is a CSM only if a message to that CSM would reach this member.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from winback.core.texts import name_key
from winback.messages.matching import match_slack
from winback.messages.profiles import profile_named, profile_of
from winback.store import people as stored

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.people import Csm


def csm_of(slack: str, settings: Settings) -> Csm | None:
    """Name and e-mail, as reports and settings know them; None for who is neither CSM nor manager nor cover."""
    words = _words_of(slack, settings)
    open_csms = partial(stored.open_csms, settings.data_path)
    for known in (open_csms, lambda: _named(words, settings), lambda: stored.csms_written_to(slack)):
        for csm in sorted(known(), key=lambda each: each[1] is None):
            if words & _keys(csm) and match_slack(profile_of(*csm, settings)).slack == slack:
                return csm
    return None


def is_manager(settings: Settings, name: str | None, email: str | None) -> bool:
    """Whether somebody is named as the manager of anybody."""
    return any(_is_same(each, name, email, settings) for each in managers(settings))


def managers(settings: Settings) -> set[str]:
    """As they are named, in the settings or by `winback people set`."""
    written = {person.manager for person in settings.people.values() if person.manager}
    return written | {person.manager for person in stored.all_persons() if person.manager}


def _is_same(named: str, name: str | None, email: str | None, settings: Settings) -> bool:
    """Of two with one name, the one with the manager's address."""
    if "@" in named or name is None or name_key(named) != name_key(name):
        return email is not None and name_key(named) == name_key(email)
    emails = {each.lower() for each in profile_named(named, settings).emails}
    return email is None or not emails or email.lower() in emails


def _words_of(slack: str, settings: Settings) -> set[str]:
    """What a CSM may be called who is this member."""
    words = {each for person in stored.persons_of(slack) for each in (person.key, name_key(person.email or ""))}
    for key, section in settings.people.items():
        if section.slack == slack:
            words |= {name_key(key), name_key(section.email or "")}
    if member := stored.member(slack):
        words |= {each for each in (member.real_key, member.display_key, member.email) if each}
        words |= _words_of_address(member.email, settings)
    return words - {""}


def _words_of_address(email: str | None, settings: Settings) -> set[str]:
    """Whom somebody gave this address."""
    if email is None:
        return set()
    written = {name_key(key) for key, section in settings.people.items() if name_key(section.email or "") == email}
    return written | {person.key for person in stored.all_persons() if name_key(person.email or "") == email}


def _named(words: set[str], settings: Settings) -> list[Csm]:
    """Those among them of whom people have said something: themselves, managers and covers."""
    persons = stored.all_persons()
    names = [*settings.people, *(person.name for person in persons), *managers(settings)]
    names += [person.covered_by for person in persons if person.covered_by]
    profiles = (profile_named(each, settings) for each in dict.fromkeys(names) if name_key(each) in words)
    return [(profile.name, profile.reported_email) for profile in profiles]


def _keys(csm: Csm) -> set[str]:
    return {name_key(each) for each in csm if each}
