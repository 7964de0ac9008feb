"""What a channel is: how one message is delivered, and what may come of it. A file for each is in channels/."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

from winback.messages.content import Content


@dataclass(frozen=True)
class Recipient:
    """`address`: where the channel delivers (a member or channel of Slack, an e-mail address); `shown`: how people read
    it."""

    address: str
    shown: str


@dataclass(frozen=True)
class Place:
    """Where a channel has put a message: what it needs to answer or edit it. None where it does not say."""

    conversation: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Letter:
    """A message on its way. `key`: opaque, the same each time it is tried; `thread`: the message that it follows;
    `conversation`: where the last one to the same address was put, if it is known."""

    key: str
    recipient: Recipient
    content: Content
    thread: Place | None = None
    conversation: str | None = None


class NotDelivered(Exception):
    """The message certainly did not reach anybody."""


class TryLater(NotDelivered):
    """It may next time. `after`: how long the channel asks to be left alone, all messages alike; None: this one alone
    is tried again after a while."""

    def __init__(self, reason: str, after: dt.timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Refused(NotDelivered):
    """It would not next time either. `is_about_recipient`: somebody else could be told instead."""

    def __init__(self, reason: str, is_about_recipient: bool = False) -> None:
        super().__init__(reason)
        self.is_about_recipient = is_about_recipient


class OutcomeUnknown(Exception):
    """It may have been delivered or not."""


class CannotLookUp(Exception):
    """The channel does not let itself be asked; a person must."""


class Channel(ABC):
    """`when_unknown`: what is done about a message whose outcome is unknown; `pause`: between two messages to the same
    address; `edits`: whether what was delivered can still be changed; `converses`: whether it has to open a
    conversation with each person, which can be written to again."""

    name: str
    when_unknown: Literal["wait", "look up", "send again"] = "wait"
    pause = dt.timedelta(0)
    edits = False
    converses = False

    def prepare(self, now: dt.datetime) -> None:  # noqa: B027
        """Before a run: brings up to date what it goes by. Raises TryLater where nothing can be sent without."""

    @abstractmethod
    def deliver(self, letter: Letter) -> Place:
        """Raises TryLater, Refused or OutcomeUnknown."""

    def find(self, letter: Letter, attempted_at: dt.datetime) -> Place | None:
        """Where the letter was put that was tried at a moment; None where it was not. Raises CannotLookUp, TryLater."""
        raise CannotLookUp(f"{self.name} can't be asked what was delivered")

    def edit(self, place: Place, letter: Letter) -> None:
        """Has what was delivered say what `letter` says. Raises as `deliver`."""
        raise Refused(f"{self.name} can't change what was delivered")
