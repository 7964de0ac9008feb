"""Saying what is not a notification: alerts, and corrections of what an undo made wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from winback.messages import wording
from winback.messages.send import Channel
from winback.store import outbox
from winback.store.models import Notification


def add_corrections(wrong: Iterable[Notification], merchants: Mapping[str, str], reason: str, now: dt.datetime) -> None:
    """Has delivered messages taken back (rules.md R3.13); `merchants`: merchant by UID."""
    for each in wrong:
        if each.recipient is not None:
            text = wording.correction(merchants.get(each.uid) or each.uid, each.stage, reason)
            outbox.add_notice("correction", each.product, f"correction:{each.pk}", each.recipient, text, now)


def tell(channel: Channel, clock: Callable[[], dt.datetime]) -> None:
    """Each once: whoever claims it says it. A process that dies in between leaves it of unknown outcome."""
    for notice in outbox.unclaimed_notices():
        if outbox.claim_notice(notice, clock()):
            channel.send(notice.recipient, notice.text)
            outbox.mark_told(notice, clock())
