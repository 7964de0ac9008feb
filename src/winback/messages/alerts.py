"""What operators are told, once each (rules.md R3.16)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from winback.core.moments import format_moment
from winback.messages.wording import one_line, say
from winback.store import notices
from winback.store.models import Pull

if TYPE_CHECKING:
    from winback.settings import Settings

_IDENTICAL = 3


def of_held_pull(settings: Settings, pull: Pull) -> None:
    sample = [row for finding in pull.findings for row in finding["sample"]][:10]
    no_uid = say(settings, "alert.no_uid")
    names = "; ".join(f"{merchant or uid} ({uid or no_uid})" for uid, merchant, *_ in sample)
    accounts = say(settings, "alert.held_accounts", accounts=names) if names else ""
    at, reason = format_moment(pull.at), pull.reason
    text = say(settings, "alert.held", product=pull.product, at=at, pull=pull.pk, reason=reason, accounts=accounts)
    _add(settings, "held", pull.product, f"held:{pull.pk}", text, pull.read_at)


def of_failed_pull(settings: Settings, product: str, error: Exception, now: dt.datetime) -> None:
    """Once a day for the same failure, however often the pull is tried."""
    key = f"failed:{product}:{now.astimezone(settings.tz):%Y-%m-%d}:{error}"
    _add(settings, "failed", product, key, say(settings, "alert.failed", product=product, error=error), now)


def of_identical_reports(settings: Settings, pull: Pull) -> None:
    """At the third applied report in a row with the same rows: is the export still running?"""
    newest = Pull.objects.filter(product=pull.product, status="applied").order_by("-at")[: _IDENTICAL + 1]
    fingerprints = [each.fingerprint for each in newest]
    if (
        len(fingerprints) < _IDENTICAL
        or len(set(fingerprints[:_IDENTICAL])) > 1
        or fingerprints[_IDENTICAL:] == fingerprints[:1]
    ):
        return
    text = say(settings, "alert.identical", product=pull.product, at=format_moment(pull.at))
    _add(settings, "identical", pull.product, f"identical:{pull.pk}", text, pull.read_at)


def of_missing_pull(settings: Settings, product: str, now: dt.datetime) -> None:
    hours = settings.alerts.no_pull_for_hours
    last = Pull.objects.filter(product=product, status="applied").order_by("-at").first()
    if last is not None and now - last.at > dt.timedelta(hours=hours):
        text = say(settings, "alert.no_pull", product=product, hours=hours, at=format_moment(last.at))
        _add(settings, "no_pull", product, f"no_pull:{last.pk}", text, now)


def of_messages(
    settings: Settings, status: str, product: str, first: int, title: str, many: int, now: dt.datetime
) -> None:
    """`first`: the first notification of the message; `many`: how many notifications it is about."""
    text = say(settings, "alert.message", status=status, title=title, many=many)
    _add(settings, status, product, f"{status}:{first}", text, now)


def of_doubt(settings: Settings, product: str, case_id: int, text: str, key: str, now: dt.datetime) -> bool:
    """Where nobody is named who hears of alerts, whoever reads the fallback does. False where it was said before."""
    recipients = settings.alerts.to or (settings.messages.fallback,)
    is_new = True
    for recipient in filter(None, recipients):
        channel = channel_of(recipient, settings)
        is_new = notices.add("doubt", product, f"doubt:{case_id}:{key}", channel, recipient, one_line(text), now)
    return is_new


def _add(settings: Settings, kind: str, product: str, key: str, text: str, now: dt.datetime) -> None:
    # On one line: a merchant's name with a line break in it must not look like something of ours.
    line = one_line(text)
    for recipient in settings.alerts.to:
        notices.add(kind, product, key, channel_of(recipient, settings), recipient, line, now)


def channel_of(recipient: str, settings: Settings) -> str:
    """How an operator is told: by mail where that is set up and it is an address, else as messages are."""
    is_address = "@" in recipient.strip("@")
    if is_address and settings.email is not None:
        return "email"
    others = [name for name in settings.messages.channel if is_address or name != "email"]
    return (others or list(settings.messages.channel))[0]
