"""One message to one person: claimed, handed to its channel, and marked with what came of it.

A message is claimed right before the call and never while waiting for anything. What a channel certainly did not take
is put back; where nobody knows, the message keeps its row, by which messages/unknown.py finds out.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from winback.messages.channel import Channel, Letter, OutcomeUnknown, Place, Recipient, Refused, TryLater
from winback.messages.content import Content
from winback.store import outbox
from winback.store.models import Message

if TYPE_CHECKING:
    from winback.settings import Settings

# How often a message is tried before a person is asked; and how long after each try the next may be.
TRIES = 5
_BACK_OFF = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=15), dt.timedelta(hours=1))

Result = Literal["sent", "gone", "later", "failed", "unknown", "refused recipient"]


@dataclass
class Post:
    """What a run of the sender works with. `open`: the channel of a name, opened when it is first needed. `stop`: once
    it is set, no message is begun and no wait goes on. `patience`: a channel that asks to be left alone for longer is
    left to the next run."""

    settings: Settings
    open: Callable[[str], Channel]
    clock: Callable[[], dt.datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    patience: dt.timedelta = dt.timedelta(minutes=2)
    _last: dict[tuple[str, str], float] = field(default_factory=dict)

    def keep_pace(self, channel: Channel, address: str) -> bool:
        """Waits until the channel takes another message to the same address; see `wait`."""
        last = self._last.get((channel.name, address))
        return self.wait(0 if last is None else last + channel.pause.total_seconds() - time.monotonic())

    def wait(self, seconds: float) -> bool:
        """False where it is to stop, at once when it is told so."""
        return not (self.stop.wait(seconds) if seconds > 0 else self.stop.is_set())

    def note_pace(self, channel: Channel, address: str) -> None:
        self._last[channel.name, address] = time.monotonic()


class Parcel(Protocol):
    """What a message is about: notifications, or a notice. `has_fallback`: somebody else is told where its recipient
    can't be reached."""

    has_fallback: bool

    @property
    def attempts(self) -> int:
        """How often it was tried before."""

    def claim(self, message: Message) -> bool:
        """True for the one sender that may deliver it now."""

    def content(self) -> Content:
        """Of what was claimed."""

    def mark_sent(self, message: Message) -> None: ...

    def put_back(self, message: Message, error: str, not_before: dt.datetime, is_failure: bool) -> None: ...

    def give_up(self, message: Message, error: str) -> None:
        """It has failed; operators are to be told."""

    def leave_unknown(self, message: Message, error: str) -> None: ...


def deliver(
    post: Post, channel: Channel, recipient: Recipient, parcel: Parcel, thread: Message | None = None
) -> Result:
    """Where the channel asks to be left alone for a while, it waits without a claim and begins anew."""
    waited = dt.timedelta(0)
    while post.keep_pace(channel, recipient.address):
        message = _message(channel, recipient, thread, post.clock())
        if not parcel.claim(message):
            return "gone"
        try:
            return attempt(post, channel, message, letter_of(channel, message, recipient, parcel, thread), parcel)
        except TryLater as problem:
            pause = problem.after or dt.timedelta(0)
            parcel.put_back(message, str(problem), post.clock() + pause, is_failure=False)
            waited += pause
            if waited > post.patience or not post.wait(pause.total_seconds()):
                break
    return "later"


def letter_of(
    channel: Channel, message: Message, recipient: Recipient, parcel: Parcel, thread: Message | None
) -> Letter:
    conversation = outbox.conversation_with(channel.name, recipient.address) if channel.converses else None
    return Letter(message.key, recipient, parcel.content(), place_of(thread), conversation)


def attempt(post: Post, channel: Channel, message: Message, letter: Letter, parcel: Parcel) -> Result:
    """Hands over what is claimed. Raises TryLater where the whole channel wants to be left alone for a while."""
    try:
        place = channel.deliver(letter)
    except TryLater as problem:
        if problem.after is not None:
            raise
        return _failed(post, message, parcel, str(problem))
    except Refused as problem:
        if not problem.is_about_recipient:
            parcel.give_up(message, str(problem))
            return "failed"
        if not parcel.has_fallback:
            # A channel may be made, or the app let in.
            return _failed(post, message, parcel, str(problem))
        parcel.put_back(message, str(problem), post.clock(), is_failure=False)
        return "refused recipient"
    except OutcomeUnknown as problem:
        parcel.leave_unknown(message, str(problem))
        return "unknown"
    finally:
        post.note_pace(channel, letter.recipient.address)
    mark_sent(post, message, place, parcel)
    return "sent"


def mark_sent(post: Post, message: Message, place: Place, parcel: Parcel) -> None:
    message.conversation, message.external_id, message.sent_at = place.conversation, place.id, post.clock()
    parcel.mark_sent(message)


def _failed(post: Post, message: Message, parcel: Parcel, error: str) -> Result:
    if parcel.attempts + 1 >= TRIES:
        parcel.give_up(message, f"{error} (tried {TRIES} times)")
        return "failed"
    parcel.put_back(message, error, post.clock() + _BACK_OFF[parcel.attempts], is_failure=True)
    return "later"


def _message(channel: Channel, recipient: Recipient, thread: Message | None, now: dt.datetime) -> Message:
    return Message(
        key=uuid.uuid4().hex,
        channel=channel.name,
        address=recipient.address,
        recipient=recipient.shown,
        thread=thread,
        attempted_at=now,
    )


def place_of(message: Message | None) -> Place | None:
    return None if message is None else Place(message.conversation, message.external_id)


def sender() -> str:
    """Who claims: this process."""
    return f"{socket.gethostname()}:{os.getpid()}"
