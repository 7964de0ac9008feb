"""The working hours of everybody, as parameters of the statements that measure times to engage (sql/times.sql,
sql/duckdb/durations.sql)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.core.working_time import working_days
from winback.messages.quiet_hours import working_hours
from winback.store import people as stored
from winback.store.record import oldest_churn

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.settings.sections import Person as Section
    from winback.store.models import Person

# Way of working: time zone and country, where they are known.
Way = tuple[str | None, str | None]
# Older churns have no working hours: their calendar would be longer than the list of cases.
_LONGEST = dt.timedelta(days=20 * 365)


def calendars(settings: Settings, at: dt.datetime) -> dict[str, object]:
    """`calendars`: 0 is the workspace's, the others are those of people with a time zone or country of their own, by
    [people] or as somebody has set it; `staff`: theirs. Without [quiet_hours] nobody has said when people work."""
    oldest = oldest_churn() if settings.quiet_hours is not None else None
    if oldest is None:
        return {"calendars": "[]", "staff": "[]"}
    ways: dict[Way, int] = {(None, None): 0}
    staff = [[key, ways.setdefault(way, len(ways))] for key, way in _staff(settings)]
    first = max(oldest, at - _LONGEST)
    days = [[number, *day] for way, number in ways.items() for day in _days(settings, way, first, at)]
    return {"calendars": json.dumps(days), "staff": json.dumps(staff)}


def _days(settings: Settings, way: Way, first: dt.datetime, last: dt.datetime) -> Iterator[tuple[int, ...]]:
    hours = working_hours(settings, *way)
    return iter(()) if hours is None else working_days(hours, first, last)


def _staff(settings: Settings) -> Iterator[tuple[str, Way]]:
    """By name and by e-mail, in lower case as the database's lower() has it; [people] counts before what was set."""
    found: dict[str, Way] = {}
    said: list[tuple[str, Person | Section]] = [(person.name, person) for person in stored.all_persons()]
    for name, person in [*said, *settings.people.items()]:
        if person.timezone or person.country:
            for key in (name, person.email):
                if key:
                    found[key.encode().lower().decode()] = (person.timezone, person.country)
    yield from sorted(found.items())
