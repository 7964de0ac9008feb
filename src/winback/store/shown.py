"""Which delivered messages show another state of their case than the one it has now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from winback.core.moments import from_micros, to_micros
from winback.store import database
from winback.store.models import Message, Notification
from winback.store.outbox import Run

# How long after its re-adoption a case is still looked at: a claim may come as late (rules.md R6.2).
_SETTLED_AFTER = dt.timedelta(days=35)
Row = dict[str, object]
_STANDING = (
    "status",
    "churned_at",
    "readopted_at",
    "last_stage",
    "claim",
    "claimed_by",
    "claim_reason",
    "snoozed_until",
    "snooze_reason",
    "engaged_by",
    "engaged_at",
    "owner",
)


def stale_messages(channel: str, run: Run, case: int | None = None) -> dict[str, dict[int, str]]:
    """Message → notification → the state to be shown; see sql/shown.sql."""
    until = to_micros(run.clock - _SETTLED_AFTER)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for message, notification, state in database.rows("shown", run.values() | _of(channel, case) | {"until": until}):
        found[message][notification] = state
    return found


def _of(channel: str, case: int | None) -> dict[str, object]:
    return {"channel": channel, "case": case}


@database.writing()
def note_shown(message: Message, run: Run) -> None:
    """What was just sent shows how its cases stand."""
    told = Notification.objects.filter(message=message).exclude(case_id=None)
    told.update(shown="")
    for case_id in told.values_list("case_id", flat=True):
        mark_shown(stale_messages(message.channel, run, case_id).get(message.key, {}))


@database.writing()
def mark_shown(states: dict[int, str]) -> None:
    for notification, state in states.items():
        Notification.objects.filter(pk=notification).update(shown=state)


def standing_of(case_id: int, run: Run) -> Row | None:
    """How a case stands; columns as in sql/standings.sql, moments aware. None where there is no such case any more."""
    values = run.values() | {"case": case_id}
    for row in database.rows("standings", values):
        found = dict(zip(_STANDING, row, strict=True))
        return {
            name: from_micros(value) if name.endswith(("_at", "_until")) and value is not None else value
            for name, value in found.items()
        }
    return None
