"""Who it is that clicks or asks, and whether accounts are for their eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.answers import Actor, NotAllowed
from winback.messages.people import csm_key, csm_of, is_manager
from winback.messages.wording import say
from winback.store import people as stored

if TYPE_CHECKING:
    from winback.settings import Settings


@dataclass(frozen=True)
class Asker:
    """`actor`: without name and address for whom nobody knows: what people call themselves in Slack proves nothing."""

    actor: Actor
    is_manager: bool
    is_guest: bool

    @property
    def csm(self) -> str | None:
        """What tells their accounts from others' (sql/at_risk_of.sql)."""
        key = csm_key(self.actor.name, self.actor.email)
        return key and key.encode().lower().decode() if self.actor.email else key


def who_asks(settings: Settings, slack: str) -> Asker:
    """Raises NotAllowed for somebody deactivated."""
    member = stored.member(slack)
    if member is not None and not member.is_active:
        raise NotAllowed(say(settings, "bot.closed"))
    csm = csm_of(slack, settings)
    actor = Actor(slack) if csm is None else Actor(slack, *csm)
    is_guest = member is not None and member.is_guest
    return Asker(actor, not is_guest and is_manager(settings, actor.name, actor.email), is_guest)


def welcomed(settings: Settings, slack: str) -> Asker:
    """Raises NotAllowed, in kind words, for guests and for who is neither CSM nor manager."""
    asker = who_asks(settings, slack)
    if asker.is_guest:
        raise NotAllowed(say(settings, "bot.guest"))
    if asker.csm is None:
        raise NotAllowed(say(settings, "bot.stranger", member=slack))
    return asker
