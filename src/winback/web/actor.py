"""Which CSM a user of the pages is, and for whom they may answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.answers import Actor
from winback.core.roles import is_at_least
from winback.core.texts import name_key
from winback.messages.people import csm_key
from winback.messages.profiles import profile_named
from winback.store import people as stored
from winback.web.choices import known_csms

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.people import Csm
    from winback.web.middleware import Asked


def actor_of(request: Asked) -> Actor:
    """Managers answer for any account, in their own name."""
    user = request.user
    name, email = csm_of_user(user.name, user.email, request.workspace.settings)
    return Actor(f"web:{user.pk}", name, email, is_at_least(request.role, "manager"))


def seen_at(request: Asked) -> dt.datetime | None:
    """For a CSM: the moment by which a held-out case must be old enough to be seen (rules.md R6.6). Now, whatever
    moment is looked at, so that no address opens their eyes."""
    return request.workspace.now() if request.role == "csm" else None


def csm_of_user(name: str, email: str, settings: Settings) -> Csm:
    """As the reports name them: whom they give the user's address, else whom somebody has given it, else who bears the
    user's name and has no address anywhere. Whoever is no CSM is who they are."""
    known = known_csms(settings)
    for csm in known:
        if csm[1] is not None and csm[1].lower() == email.lower():
            return csm
    for said in _with_address(email, settings):
        profile = profile_named(said, settings)
        return profile.name, profile.reported_email
    named = [csm for csm in known if csm[0] is not None and name and name_key(csm[0]) == name_key(name)]
    if len(named) == 1 and named[0][1] is None and profile_named(named[0][0] or "", settings).email is None:
        return named[0]
    return name or None, email


def key_of_actor(actor: Actor) -> str | None:
    """What tells their accounts from others', in lower case as the databases' lower() has it."""
    key = csm_key(actor.name, actor.email)
    return key and key.encode().lower().decode() if actor.email else key


def _with_address(email: str, settings: Settings) -> Iterator[str]:
    """What stands in the settings counts before what was set."""
    yield from (name for name, person in settings.people.items() if (person.email or "").lower() == email.lower())
    yield from (person.name for person in stored.all_persons() if (person.email or "").lower() == email.lower())
