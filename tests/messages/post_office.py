"""A channel that does as it is told: takes messages, or says what a channel may say instead."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.programme import Programme, When
from winback import Workspace
from winback.messages.channel import Channel, Letter, OutcomeUnknown, Place


class Waiting(threading.Event):
    """Never set; how the wait for it goes is the test's to say."""

    def __init__(self, waits: Callable[[float], object]) -> None:
        super().__init__()
        self._waits = waits

    def wait(self, timeout: float | None = None) -> bool:
        self._waits(timeout or 0.0)
        return False


class PostOffice(Channel):
    """`answers`: what the next attempts come to, an exception or None; after those it takes everything. `arrived`: what
    reached people, also where nobody was told so."""

    def __init__(self, name: str = "console", when_unknown: str = "wait", edits: bool = False) -> None:
        self.name, self.edits = name, edits
        self.when_unknown = when_unknown  # type: ignore[assignment]
        self.answers: list[Exception | None] = []
        self.attempts: list[Letter] = []
        self.arrived: list[Letter] = []
        self.edited: list[tuple[str | None, str]] = []
        self.slept: list[float] = []

    def deliver(self, letter: Letter) -> Place:
        self.attempts.append(letter)
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or (isinstance(answer, OutcomeUnknown) and "arrived" in str(answer)):
            self.arrived.append(letter)
        if answer is not None:
            raise answer
        return self.place_of(letter)

    def find(self, letter: Letter, attempted_at: dt.datetime) -> Place | None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return self.place_of(letter) if letter.key in [each.key for each in self.arrived] else None

    def edit(self, place: Place, letter: Letter) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.edited.append((place.id, letter.content.text))

    def place_of(self, letter: Letter) -> Place:
        return Place(f"to {letter.recipient.address}", letter.key)

    @property
    def told(self) -> list[tuple[str, str]]:
        """Recipient and title of what arrived since this was last asked."""
        told = [(letter.recipient.address, letter.content.title) for letter in self.arrived]
        self.arrived.clear()
        return told


@contextmanager
def workspace_with(programme: Programme, *offices: PostOffice, now: When | None = None) -> Iterator[Workspace]:
    """The programme's workspace, whose channels are these."""
    with programme.open(now) as workspace:
        for office in offices:
            workspace._channels[office.name] = office
        workspace._stop = Waiting(offices[0].slept.append)
        yield workspace
