"""Saying what is not a notification: alerts, words to a manager, and corrections of what an undo made wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from winback.messages.channel import Recipient
from winback.messages.contents import say_assigned, say_correction, say_to_manager
from winback.messages.deliver import Post, deliver
from winback.messages.parcels import OneNotice
from winback.messages.people import Addressee, find_addressee
from winback.messages.unknown import settle_unknown_notices
from winback.store import notices
from winback.store.models import Case, Notification
from winback.store.outbox import Planned

if TYPE_CHECKING:
    from winback.settings import Settings

Csm = tuple[str | None, str | None]
# Where what was said is edited in place instead.
_EDITED = ("slack",)


def add_corrections(
    settings: Settings, wrong: Iterable[Notification], merchants: Mapping[str, str], reason: str, now: dt.datetime
) -> None:
    """Has delivered messages taken back (rules.md R3.13); `merchants`: merchant by UID."""
    for each in wrong:
        if each.recipient is None or each.channel in _EDITED:
            continue
        address = each.message.address if each.message else each.recipient
        text = say_correction(merchants.get(each.uid) or each.uid, each.stage, reason, settings)
        notices.add("correction", each.product, f"correction:{each.pk}", each.channel, address, text, now)


def of_final(planned: Planned, addressee: Addressee, manager: Addressee, post: Post) -> None:
    """A final also goes to the manager of whoever got it."""
    if manager.recipient is not None:
        text = say_to_manager(planned, addressee.name, post.clock(), post.settings)
        key, address = f"final:{planned.id}", manager.recipient.address
        notices.add("final", planned.product, key, planned.channel, address, text, post.clock())


def of_assignment(settings: Settings, cases: Sequence[Case], to: Csm, by: str, now: dt.datetime) -> None:
    """Whoever gets accounts from a colleague is told, in one message on each channel where they can be."""
    first, text = cases[0], say_assigned(cases, by, settings)
    for channel in settings.messages.channel:
        addressee = find_addressee(*to, channel, settings, now)
        if addressee.recipient is not None:
            key = f"assigned:{first.pk}:{now:%Y%m%dT%H%M%S%f}:{channel}"
            told = f"{addressee.note} {text}" if addressee.note else text
            notices.add("assigned", first.product, key, channel, addressee.recipient.address, told, now)


def tell(post: Post) -> None:
    """Each once: whoever claims it says it. A process that dies in between leaves it of unknown outcome."""
    for name in notices.channels():
        settle_unknown_notices(post, post.open(name))
    for notice in notices.due(post.clock()):
        if post.stop.is_set():
            break
        address = post.settings.messages.redirect_to or notice.recipient
        deliver(post, post.open(notice.channel), Recipient(address, address), OneNotice(post, notice))
