"""Saying what is not a notification: alerts, and corrections of what an undo made wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from winback.messages import wording
from winback.messages.send import Channel
from winback.store import outbox
from winback.store.models import Notification

if TYPE_CHECKING:
    from winback.settings import Settings


def add_corrections(wrong: Iterable[Notification], merchants: Mapping[str, str], reason: str, now: dt.datetime) -> None:
    """Has delivered messages taken back (rules.md R3.13); `merchants`: merchant by UID."""
    for each in wrong:
        if each.recipient is not None:
            text = wording.correction(merchants.get(each.uid) or each.uid, each.stage, reason)
            outbox.add_notice("correction", each.product, f"correction:{each.pk}", each.recipient, text, now)


def tell(settings: Settings, channel: Channel, clock: Callable[[], dt.datetime]) -> None:
    """Each once: whoever claims it says it. A process that dies in between leaves it of unknown outcome."""
    rehearsed = settings.messages.redirect_to
    for notice in outbox.unclaimed_notices():
        if outbox.claim_notice(notice, clock()):
            text = wording.rehearsal(notice.text, notice.recipient) if rehearsed else notice.text
            channel.send(rehearsed or notice.recipient, text)
            outbox.mark_told(notice, clock())
