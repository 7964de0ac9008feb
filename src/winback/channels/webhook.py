"""The channel `webhook`: a signed JSON document, posted at least once; docs/messages.md has every field."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from winback.channels.posting import post, to_json
from winback.core.moments import format_moment
from winback.core.money import format_money
from winback.messages.channel import Channel, Letter, Place
from winback.messages.content import Entry
from winback.messages.links import Links, open_links
from winback.settings.channels import needed, read_url

if TYPE_CHECKING:
    from winback.settings import Settings

VERSION = 1


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Webhook(Channel):
    name = "webhook"
    when_unknown = "send again"

    def __init__(self, url: str, secret: str, links: Links | None, clock: Callable[[], dt.datetime] = _now) -> None:
        self._url, self._secret, self._links, self._clock = url, secret, links, clock

    def deliver(self, letter: Letter) -> Place:
        now = self._clock()
        body, timestamp = to_json(self._document(letter, now)), str(int(now.timestamp()))
        post(
            self._url,
            body,
            {
                "Idempotency-Key": letter.key,
                "X-Winback-Timestamp": timestamp,
                "X-Winback-Signature": f"v1={sign(self._secret, timestamp, body)}",
            },
        )
        return Place(id=letter.key)

    def _document(self, letter: Letter, now: dt.datetime) -> dict[str, Any]:
        content = letter.content
        return {
            "version": VERSION,
            "key": letter.key,
            "thread": letter.thread.id if letter.thread else None,
            "sent_at": format_moment(now),
            "kind": content.kind,
            "recipient": {"address": letter.recipient.address, "shown": letter.recipient.shown},
            "title": content.title,
            "preface": content.preface,
            "ask": content.ask or None,
            "text": content.text,
            "accounts": [self._account(entry, now) for entry in content.entries],
        }

    def _account(self, entry: Entry, now: dt.datetime) -> dict[str, Any]:
        return {
            "notification": entry.notification,
            "case": entry.case,
            "stage": entry.stage,
            "product": entry.product,
            "uid": entry.uid,
            "merchant": entry.merchant,
            "gmv": format_money(entry.gmv),
            "facts": [{"label": label, "value": value} for label, value in entry.facts],
            "standing": entry.standing,
            "is_open": entry.is_open,
            "account_url": entry.url,
            "answer_url": self._links.answer(entry, now) if self._links else None,
        }


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Over moment and body, so that neither can be put beside another."""
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()


def open_webhook(settings: Settings) -> Webhook:
    url = settings.secret(needed(settings.webhook, "webhook.url"))
    read_url(url, "webhook.url")
    return Webhook(url, settings.secret(needed(settings.webhook, "webhook.secret")), open_links(settings))
