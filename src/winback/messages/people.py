"""Who a CSM of the report is: by e-mail where the report has one, else by name (rules.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from winback.settings import Settings


@dataclass(frozen=True)
class Addressee:
    """`recipient`: where a channel delivers; None when a message has nowhere to go. `is_fallback`: it goes to
    everybody's channel, since the account has no CSM."""

    name: str
    recipient: str | None
    is_fallback: bool = False


def csm_key(name: str | None, email: str | None) -> str | None:
    """What tells one CSM from another; None for an account without a CSM."""
    return email.lower() if email else name


def find_addressee(name: str | None, email: str | None, settings: Settings) -> Addressee:
    if name is None and email is None:
        return Addressee("whoever looks after it", settings.messages.fallback or None, is_fallback=True)
    known = {key.casefold(): person.email for key, person in settings.people.items()}
    # By e-mail first: two CSMs may share a name, and then the name's entry must not lead both to one of them.
    address = known.get((email or "").casefold()) or email or known.get((name or "").casefold())
    shown = name or email or ""
    return Addressee(shown, f"{shown} <{address}>" if address and address != shown else shown)
