"""Delivers a message in Slack, finds it again by its key, and edits it where it stands."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from winback.channels.slack.client import channels, pages
from winback.channels.slack.directory import refresh_directory
from winback.channels.slack.errors import CLOSED_FOR, code_of, in_our_terms
from winback.channels.slack.layout import lay_out
from winback.messages.channel import CannotLookUp, Channel, Letter, NotDelivered, Place, Refused, TryLater
from winback.store import people

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from winback.settings import Settings

EVENT_TYPE = "winback"
_MEMBER = re.compile(r"[UW][A-Z0-9]{3,}")
_CONVERSATION = re.compile(r"[CDG][A-Z0-9]{3,}")
_THREAD_GONE = {"thread_not_found", "cannot_reply_to_message", "invalid_thread_ts"}
_CONVERSATION_GONE = {"channel_not_found", "is_archived", "not_in_channel"}
# How old the list of members may be before a run.
_FRESH = dt.timedelta(hours=1)
# Small pages: Slack gives no more to some apps.
_PAGE = 15
# By how much the clocks of Slack and of this machine may differ.
_CLOCKS_DIFFER = dt.timedelta(seconds=60)


class Slack(Channel):
    name = "slack"
    when_unknown = "look up"
    pause = dt.timedelta(seconds=1)
    edits = True
    converses = True

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        # Conversation by member, of those opened here; conversations and threads that are not there any more.
        self._opened: dict[str, str] = {}
        self._gone: set[str] = set()
        self._closed: tuple[float, str] = (0.0, "")

    def prepare(self, now: dt.datetime) -> None:
        """Slack goes on taking messages for who is deactivated; the list of members tells, so it is to be fresh. Where
        it can't be read an older one will do, but without any nobody would be known."""
        try:
            refresh_directory(self._client, now, _FRESH)
        except NotDelivered as problem:
            if people.directory_read_at() is None:
                raise TryLater(f"the members of Slack can't be read: {problem}") from problem

    def deliver(self, letter: Letter) -> Place:
        self._refuse_while_closed()
        try:
            return self._deliver(letter)
        except TryLater as problem:
            self._note_closed(problem)
            raise

    def find(self, letter: Letter, attempted_at: dt.datetime) -> Place | None:
        oldest = f"{(attempted_at - _CLOCKS_DIFFER).timestamp():.6f}"
        try:
            conversation = self._conversation_of(letter)
            for message in self._written(conversation, letter.thread, oldest):
                if _key_in(message) == letter.key:
                    return Place(conversation, message["ts"])
        except Refused as problem:
            raise CannotLookUp(str(problem)) from problem
        except TryLater as problem:
            # It says that a scope or the token has to be mended first.
            if problem.after == CLOSED_FOR:
                raise CannotLookUp(str(problem)) from problem
            raise
        return None

    def edit(self, place: Place, letter: Letter) -> None:
        if place.conversation is None or place.id is None:
            raise Refused("it is not known where the message stands")
        message = lay_out(letter.content, self._settings)
        with in_our_terms():
            self._client.chat_update(channel=place.conversation, ts=place.id, text=message.text, blocks=message.blocks)

    def _deliver(self, letter: Letter) -> Place:
        message = lay_out(letter.content, self._settings)
        values = {
            "channel": self._place(letter),
            "text": message.text,
            "blocks": message.blocks,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": letter.key}},
            # Names and addresses in a report are to stay what they are.
            "unfurl_links": False,
            "unfurl_media": False,
            "mrkdwn": False,
        }
        with in_our_terms(is_post=True):
            answer = self._post(values, letter)
        return Place(answer["channel"], answer["ts"])

    def _post(self, values: dict[str, Any], letter: Letter) -> Any:
        """A thread or a conversation that is not there any more is done without, at the next try: two posts at once
        would be one too many."""
        thread = letter.thread.id if letter.thread and letter.thread.id not in self._gone else None
        if thread is not None:
            values |= {"thread_ts": thread, "reply_broadcast": True}
        try:
            return self._client.chat_postMessage(**values)
        except SlackApiError as problem:
            if thread is not None and code_of(problem) in _THREAD_GONE:
                self._gone.add(thread)
                raise TryLater("the message it follows was deleted", self.pause) from problem
            if values["channel"] == letter.conversation and code_of(problem) in _CONVERSATION_GONE:
                self._gone.add(values["channel"])
                raise TryLater("the conversation with them is not there any more", self.pause) from problem
            raise

    def _place(self, letter: Letter) -> str:
        """Where to post: for a member the conversation with them, without which what was posted could not be read or
        changed later; a channel by its name or id."""
        address, known = letter.recipient.address, letter.conversation
        if _MEMBER.fullmatch(address):
            return self._conversation_with(address) if known is None or known in self._gone else known
        if address.startswith("#") or _CONVERSATION.fullmatch(address):
            return address
        raise Refused(
            f'expected a member ID of Slack (U…), a channel ID (C…) or "#channel", found {address}',
            is_about_recipient=True,
        )

    def _conversation_with(self, member: str) -> str:
        """Done before the first message to somebody and not again, since Slack allows it 50 times a minute. Also tells
        whether they are still there."""
        if member not in self._opened:
            with in_our_terms():
                self._opened[member] = str(self._client.conversations_open(users=member)["channel"]["id"])
        return self._opened[member]

    def _conversation_of(self, letter: Letter) -> str:
        place = self._place(letter)
        return self._id_of(place[1:]) if place.startswith("#") else place

    def _id_of(self, name: str) -> str:
        for channel in channels(self._client):
            if channel["name"] == name:
                return str(channel["id"])
        raise CannotLookUp(f"#{name} is not among the channels that the app may see")

    def _written(self, conversation: str, thread: Place | None, oldest: str) -> Iterator[Any]:
        """Replies stand only in their thread; one whose thread was gone was posted anew."""
        values = {"channel": conversation, "oldest": oldest, "include_all_metadata": True, "limit": _PAGE}
        if thread is not None and thread.id is not None:
            try:
                yield from pages(self._client.conversations_replies, "messages", ts=thread.id, **values)
            except Refused as problem:
                if not isinstance(cause := problem.__cause__, SlackApiError) or code_of(cause) not in _THREAD_GONE:
                    raise
        yield from pages(self._client.conversations_history, "messages", **values)

    def _refuse_while_closed(self) -> None:
        until, reason = self._closed
        if (left := until - time.monotonic()) > 0:
            raise TryLater(reason, dt.timedelta(seconds=left))

    def _note_closed(self, problem: TryLater) -> None:
        """So that not every message in turn is tried in vain."""
        if problem.after == CLOSED_FOR:
            self._closed = (time.monotonic() + CLOSED_FOR.total_seconds(), str(problem))


def _key_in(message: Any) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return str(key) if key else None
