"""Which delivered messages show another state of their case than the one it has now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from winback.core.moments import from_micros, to_micros
from winback.store import database
from winback.store.models import Message
from winback.store.outbox import Run

# How long after its re-adoption a case is still looked at: a claim may come as late (rules.md R6.2).
_SETTLED_AFTER = dt.timedelta(days=35)
Row = dict[str, Any]
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
    database.execute("note_shown", run.values() | {"message": message.key})


@database.writing()
def mark_shown(states: Mapping[int, str]) -> None:
    """By notification."""
    database.execute("mark_shown", {"given": database.given(states.items())})


def standings(cases: Iterable[int], run: Run) -> dict[int, Row]:
    """How cases stand; columns as in sql/standings.sql, moments aware. Those that are gone are left out."""
    values = run.values() | {"given": database.given([each] for each in cases)}
    return {case: _standing(row) for case, *row in database.rows("standings", values)}


def _standing(row: Iterable[Any]) -> Row:
    found = dict(zip(_STANDING, row, strict=True))
    return {
        name: from_micros(value) if name.endswith(("_at", "_until")) and value is not None else value
        for name, value in found.items()
    }
