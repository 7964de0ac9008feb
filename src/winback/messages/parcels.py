"""What a message is about: notifications of cases and new adoptions, or a notice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from winback.messages import alerts
from winback.messages.channel import Recipient
from winback.messages.content import Content
from winback.messages.contents import build_content, notice_content, rehearsed, title_of
from winback.messages.deliver import Post, sender
from winback.messages.digest import digest_content
from winback.messages.people import Addressee
from winback.messages.standing import standings_of
from winback.store import database, notices, outbox, shown
from winback.store.models import Message, Notice
from winback.store.outbox import Planned, Run


@dataclass
class Notifications:
    """`planned`: to be told in one message; `claimed`: those that it tells in the end."""

    post: Post
    run: Run
    addressee: Addressee
    planned: list[Planned]
    claimed: list[Planned] = field(default_factory=list)
    has_fallback: bool = True

    @property
    def attempts(self) -> int:
        return max(each.attempts for each in self.planned)

    def claim(self, message: Message) -> bool:
        ids = outbox.claim(self.run, self.planned, message, sender())
        self.claimed = [each for each in self.planned if each.id in ids]
        return bool(ids)

    def content(self) -> Content:
        standings = standings_of(self.claimed, self.run)
        return build_content(self.claimed, standings, self.run.now, self.post.settings, self.addressee)

    def mark_sent(self, message: Message) -> None:
        with database.writing():
            outbox.mark_sent(self.claimed, message)
            shown.note_shown(message, self.run)

    def put_back(self, message: Message, error: str, not_before: dt.datetime, is_failure: bool) -> None:
        outbox.put_back(message, error, not_before, is_failure)

    def give_up(self, message: Message, error: str) -> None:
        outbox.settle(self.claimed, "failed", error, message.recipient)
        tell_operators(self.post, self.claimed, "failed")

    def leave_unknown(self, message: Message, error: str) -> None:
        outbox.leave_unknown(message, error, self.post.clock())


class Rehearsal(Notifications):
    """Goes to `redirect_to`, naming the real addressee; nothing counts as delivered."""

    def content(self) -> Content:
        return rehearsed(super().content(), self._real.shown, self.post.settings)

    def mark_sent(self, message: Message) -> None:
        note = f"rehearsal: went to {message.recipient} instead of {self._real.shown}"
        outbox.settle(self.claimed, "skipped", note, self._real.shown)

    @property
    def _real(self) -> Recipient:
        assert self.addressee.recipient is not None  # noqa: S101
        return self.addressee.recipient


@dataclass
class OneNotice:
    post: Post
    notice: Notice
    has_fallback: bool = False

    @property
    def attempts(self) -> int:
        return self.notice.attempts

    def claim(self, message: Message) -> bool:
        return notices.claim(self.notice, message)

    def content(self) -> Content:
        settings, notice = self.post.settings, self.notice
        is_digest = notice.kind == "digest"
        content = digest_content(settings, notice.created_at) if is_digest else notice_content(notice.text)
        is_rehearsal = bool(settings.messages.redirect_to)
        return rehearsed(content, notice.recipient, settings) if is_rehearsal else content

    def mark_sent(self, message: Message) -> None:
        notices.mark_told(message)

    def put_back(self, message: Message, error: str, not_before: dt.datetime, is_failure: bool) -> None:
        notices.put_back(message, error, not_before, is_failure)

    def give_up(self, message: Message, error: str) -> None:
        notices.give_up(message, error)

    def leave_unknown(self, message: Message, error: str) -> None:
        notices.leave_unknown(message, error, self.post.clock())


def tell_operators(post: Post, planned: list[Planned], status: str) -> None:
    first = planned[0]
    title = title_of([first], post.settings)
    alerts.of_messages(post.settings, status, first.product, first.id, title, len(planned), post.clock())
