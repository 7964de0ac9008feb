"""`winback doctor --live`: one message and a reply, to one person, posted, found, edited and deleted again."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from winback.channels.slack.channel import Slack
from winback.channels.slack.checks import Check
from winback.channels.slack.client import open_client
from winback.channels.slack.errors import in_our_terms
from winback.errors import SettingsError
from winback.messages.channel import CannotLookUp, Letter, NotDelivered, OutcomeUnknown, Place, Recipient
from winback.messages.content import Content

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from winback.settings import Settings

_PATIENCE = 10  # seconds until what was posted can be seen
_TEXT = "A trial of winback: this message is edited, and disappears within seconds. There is nothing to do."


def try_slack(settings: Settings, to: str, sleep: Callable[[float], None] = time.sleep) -> Iterator[Check]:
    """`to`: the member ID or e-mail address of whoever tries."""
    try:
        client = open_client(settings)
        trial = _Trial(client, settings, _member(client, to), sleep)
        yield from trial.play()
    except (SettingsError, NotDelivered, OutcomeUnknown, CannotLookUp) as problem:
        yield "wrong", str(problem)


def _member(client: WebClient, to: str) -> str:
    if "@" not in to:
        return to
    with in_our_terms():
        return str(client.users_lookupByEmail(email=to)["user"]["id"])


class _Trial:
    def __init__(self, client: WebClient, settings: Settings, member: str, sleep: Callable[[float], None]) -> None:
        self._client, self._slack, self._sleep = client, Slack(client, settings), sleep
        self._recipient = Recipient(member, member)
        self._posted: list[Place] = []

    def play(self) -> Iterator[Check]:
        """What was posted is deleted whatever happens."""
        try:
            message, place = self._post(None)
            yield "ok", f"posted a message to {self._recipient.shown}"
            self._sleep(self._slack.pause.total_seconds())
            reply, _ = self._post(place)
            yield "ok", "posted a reply in its thread"
            yield self._found(message, "the message")
            yield self._found(reply, "the reply")
            self._slack.edit(
                place, Letter(message.key, self._recipient, Content("notice", "Edited", f"{_TEXT} (edited)"))
            )
            yield "ok", "edited the message"
        finally:
            self._delete()
        yield "ok", "deleted both"

    def _post(self, thread: Place | None) -> tuple[Letter, Place]:
        letter = Letter(uuid.uuid4().hex, self._recipient, Content("notice", "A trial of winback", _TEXT), thread)
        place = self._slack.deliver(letter)
        self._posted.append(place)
        return letter, place

    def _found(self, letter: Letter, what: str) -> Check:
        for _ in range(_PATIENCE):
            if self._slack.find(letter, dt.datetime.now(dt.UTC)):
                return "ok", f"found {what} by its key: what may have been lost can be looked up"
            self._sleep(1)
        return "wrong", (
            f"did not find {what} by its key within {_PATIENCE} seconds: Slack has not kept its metadata, so that"
            " messages of unknown outcome would be sent again; tell the makers of winback, and do not send until then"
        )

    def _delete(self) -> None:
        for place in reversed(self._posted):
            with in_our_terms():
                self._client.chat_delete(channel=place.conversation or "", ts=place.id or "")
