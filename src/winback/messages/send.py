"""The sender: gathers what is planned into messages, claims each, and hands it to a channel (rules.md §5)."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from winback.messages import alerts, wording
from winback.messages.people import Addressee, csm_key, find_addressee
from winback.store import outbox
from winback.store.outbox import Planned, Run

if TYPE_CHECKING:
    from winback.settings import Settings


class Channel(Protocol):
    """How a message is delivered. Raises ChannelFailed when it certainly was not."""

    name: str

    def send(self, recipient: str, text: str) -> None: ...


class ChannelFailed(Exception):
    """The message did not reach anybody."""


@dataclass(frozen=True)
class Message:
    """One message to one person, about one or several notifications."""

    addressee: Addressee
    planned: list[Planned]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass
class Sent:
    """What a run did, in messages; `notifications` counts what they told, `dropped` what was not true any more."""

    messages: int = 0
    notifications: int = 0
    waiting: int = 0
    unrouted: int = 0
    failed: int = 0
    rehearsed: int = 0
    dropped: int = 0


def send_planned(
    run: Run, settings: Settings, channel: Channel, clock: Callable[[], datetime], released: bool = False
) -> Sent:
    """Sends what is planned and still true at `run.now`; the rest is skipped (rules.md R5.4). `released`: a person said
    that it may be more than `max_per_run` messages (R5.7)."""
    sent = Sent()
    sent.dropped += outbox.drop_stale(run)
    messages = list(gather(outbox.due(run), settings))
    if len(messages) > settings.messages.max_per_run and not released:
        for message in messages:
            outbox.settle(
                message.planned,
                "waiting",
                f"more than {settings.messages.max_per_run} messages in one run: `winback notify --release`",
            )
        sent.waiting = len(messages)
        return sent
    for message in messages:
        _send(message, run, settings, channel, clock, sent)
    sent.dropped += outbox.drop_stale(run)
    return sent


def gather(planned: list[Planned], settings: Settings) -> Iterator[Message]:
    """More follow-ups for one person than `bundle_over` share one message (R5.7); new adoptions always do (R5.5)."""
    people: dict[tuple[str | None, str], list[Planned]] = {}
    for each in planned:
        kind = each.stage if each.stage in ("readopted", "new_adoption") else "follow_up"
        people.setdefault((csm_key(each.csm_name, each.csm_email), kind), []).append(each)
    for (_, kind), theirs in people.items():
        addressee = find_addressee(theirs[0].csm_name, theirs[0].csm_email, settings)
        shared = kind == "new_adoption" or (kind == "follow_up" and len(theirs) > settings.messages.bundle_over)
        for together in [theirs] if shared else [[each] for each in theirs]:
            yield Message(addressee, together)


def _send(
    message: Message,
    run: Run,
    settings: Settings,
    channel: Channel,
    clock: Callable[[], datetime],
    sent: Sent,
) -> None:
    recipient = message.addressee.recipient
    if recipient is None:
        outbox.settle(message.planned, "unrouted", "the account has no CSM, and there is no messages.fallback")
        _tell_operators(message, "unrouted", settings, clock())
        sent.unrouted += 1
        return
    claimed = outbox.claim(run, message.planned, message.id, recipient, _sender(), clock())
    planned = [each for each in message.planned if each.id in claimed]
    if not planned:
        return
    rehearsed = settings.messages.redirect_to
    text = text_of(planned, run.now, settings)
    try:
        channel.send(rehearsed or recipient, wording.rehearsal(text, recipient) if rehearsed else text)
    except ChannelFailed as error:
        outbox.settle(planned, "failed", str(error), recipient)
        _tell_operators(message, "failed", settings, clock())
        sent.failed += 1
        return
    if rehearsed:
        outbox.settle(planned, "skipped", f"rehearsal: went to {rehearsed} instead of {recipient}", recipient)
        sent.rehearsed += 1
        return
    outbox.mark_sent(planned, recipient, clock())
    sent.messages += 1
    sent.notifications += len(planned)


def text_of(planned: list[Planned], now: datetime, settings: Settings) -> str:
    return wording.single(planned[0], now, settings) if len(planned) == 1 else wording.bundle(planned, now, settings)


def _sender() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _tell_operators(message: Message, status: str, settings: Settings, now: datetime) -> None:
    first = message.planned[0]
    alerts.of_messages(settings, status, first.product, first.id, wording.title(first), len(message.planned), now)
