"""When the daily digest is due, and that it is said once.

It is the bot's to post, since it alone runs all day: `winback notify` runs when it is told to. The digest is a notice
with the day in its key, so that a bot that starts anew, or a second one, does not post it again.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from winback.messages.digest import digest_content
from winback.store import notices as stored

if TYPE_CHECKING:
    from winback.bot.desk import Desk
    from winback.settings import Settings

# A bot that was down for longer leaves the day's digest out: it would be of another hour.
_LATE = dt.timedelta(hours=6)


def is_due(settings: Settings, now: dt.datetime) -> bool:
    if settings.slack is None or settings.slack.digest is None:
        return False
    local = now.astimezone(settings.tz)
    at = dt.datetime.combine(local.date(), settings.slack.digest.at, settings.tz)
    return at <= local < at + _LATE


def add_digest(desk: Desk) -> None:
    """To what is to be told."""
    settings, now = desk.settings, desk.now()
    if settings.slack is None or settings.slack.digest is None or not is_due(settings, now):
        return
    key = f"digest:{now.astimezone(settings.tz):%Y-%m-%d}"
    channel = settings.slack.digest.channel
    if not stored.is_added(key, channel):
        text = digest_content(settings, now).text
        stored.add("digest", "", key, "slack", channel, text, now)
