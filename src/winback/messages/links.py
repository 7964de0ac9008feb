"""Signed links that lead from a mail or card to the form of one notification, and expire.

Whoever has the link may open the form, as whoever has the mail can read it; opening it changes nothing. The token names
a notification and an end, and nothing of a person or an account.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from winback.errors import SettingsError, WinbackError

if TYPE_CHECKING:
    from winback.messages.content import Entry
    from winback.settings import Settings

PATH = "/answer/"
# As long as a claim may come after a case was last told of: 7 days of messages, 90 until it is lost, 30 to claim.
LASTS = dt.timedelta(days=127)
_SHORTEST_KEY = 32
_PURPOSE = b"winback answer v1:"


class LinkRefused(WinbackError):
    pass


class LinkExpired(LinkRefused):
    pass


@dataclass(frozen=True)
class Links:
    base_url: str
    key: str = field(repr=False)

    def answer(self, entry: Entry, now: dt.datetime) -> str | None:
        """None where there is nothing to answer."""
        if entry.case is None or not entry.is_open:
            return None
        return f"{self.base_url.rstrip('/')}{PATH}{make_token(entry.notification, self.key, now + LASTS)}"


def open_links(settings: Settings) -> Links | None:
    """None without web.base_url and web.secret_key, and in a rehearsal, whose reader is not asked."""
    web = settings.web
    if web is None or web.base_url is None or web.secret_key is None or settings.messages.redirect_to:
        return None
    key = settings.secret(web.secret_key)
    if len(key) < _SHORTEST_KEY:
        raise SettingsError(f"web.secret_key: expected at least {_SHORTEST_KEY} characters, found {len(key)}")
    return Links(web.base_url, key)


def make_token(notification: int, key: str, expires_at: dt.datetime) -> str:
    told = f"{notification}.{int(expires_at.timestamp())}"
    return f"{told}.{_signature(told, key)}"


def read_token(token: str, key: str, now: dt.datetime) -> int:
    """The notification that a link is about. Raises LinkRefused, or LinkExpired."""
    told, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(told, key).encode()):
        raise LinkRefused("This link is not complete: open it from the message again, or copy all of it.")
    notification, _, expires = told.partition(".")
    if now.timestamp() > int(expires):
        raise LinkExpired("This link has expired: open the one of a newer message.")
    return int(notification)


def _signature(told: str, key: str) -> str:
    digest = hmac.digest(key.encode(), _PURPOSE + told.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
