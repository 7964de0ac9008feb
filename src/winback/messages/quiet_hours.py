"""When an addressee may be written to: the working hours of [quiet_hours], by their own clock and holidays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from winback.core.quiet_hours import NeverOpen, WorkingHours, next_working_day, opens_at
from winback.errors import SettingsError
from winback.messages.holidays import public_holidays
from winback.settings.checks import WEEKDAYS

if TYPE_CHECKING:
    from winback.messages.people import Addressee
    from winback.settings import Settings


def good_time(settings: Settings, addressee: Addressee, now: dt.datetime, after: dt.datetime | None) -> dt.datetime:
    """When a person may be written to next: now itself within their working hours; where something was said `after`,
    not sooner than the next working day. Without [quiet_hours] any time is good."""
    hours = hours_of(settings, addressee)
    if hours is None:
        return now
    try:
        return opens_at(now if after is None else max(now, next_working_day(after, hours)), hours)
    except NeverOpen as error:
        raise SettingsError(f"quiet_hours: {error} for {addressee.name}: open more days") from error


def hours_of(settings: Settings, addressee: Addressee) -> WorkingHours | None:
    """None without [quiet_hours]."""
    return working_hours(settings, addressee.timezone, addressee.country)


def working_hours(settings: Settings, timezone: str | None = None, country: str | None = None) -> WorkingHours | None:
    """Of somebody who lives by this time zone, else by the workspace's, and has the holidays of this country, else
    none; None without [quiet_hours]."""
    hours = settings.quiet_hours
    if hours is None:
        return None
    closed, holidays = frozenset(hours.closed_on), public_holidays(country) if country else ()
    weekdays = frozenset(WEEKDAYS.index(day) for day in hours.days)
    zone = _zone(timezone) or settings.tz
    return WorkingHours(zone, hours.open, hours.close, weekdays, lambda on: on in closed or on in holidays)


def _zone(name: str | None) -> ZoneInfo | None:
    """None where Slack has a name that this system does not know."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
