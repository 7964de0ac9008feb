"""The audit log: who did what, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render

from winback.errors import UsageError
from winback.store.models import AuditEntry
from winback.store.tables import columns
from winback.tables import Table
from winback.web.csv_answer import csv_answer
from winback.web.middleware import Asked, at_least
from winback.web.turning import turned_list

_COLUMNS = columns("at:moment actor action subject details")
_BATCH = 5_000


@at_least("admin")
def audit(request: Asked) -> HttpResponseBase:
    actor, action, on = (request.GET.get(name) or "" for name in ("actor", "action", "on"))
    entries = AuditEntry.objects.order_by("-at", "-pk")
    if actor:
        entries = entries.filter(actor=actor)
    if action:
        entries = entries.filter(action=action)
    if on:
        entries = _of_day(request, entries, on)
    if request.GET.get("format") == "csv":
        return csv_answer(request, Table(_COLUMNS, _batches(entries)), "audit_log")
    shown = {
        "turned": turned_list(request.GET, entries),
        "actor": actor,
        "action": action,
        "on": on,
        "actors": AuditEntry.objects.order_by("actor").values_list("actor", flat=True).distinct()[:500],
        "actions": AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct(),
    }
    return render(request, "web/audit.html", shown)


def _of_day(request: Asked, entries: Any, on: str) -> Any:
    try:
        day = dt.date.fromisoformat(on)
    except ValueError:
        raise UsageError(f'expected a day such as 2026-11-03, found "{on[:20]}"') from None
    begun, over = (
        dt.datetime.combine(each, dt.time(), request.workspace.settings.tz) for each in (day, day + dt.timedelta(1))
    )
    return entries.filter(at__gte=begun, at__lt=over)


def _batches(entries: Any) -> Iterator[list[tuple[Any, ...]]]:
    rows: list[tuple[Any, ...]] = []
    for row in entries.values_list("at", "actor", "action", "subject", "details").iterator(_BATCH):
        rows.append(row)
        if len(rows) == _BATCH:
            yield rows
            rows = []
    if rows:
        yield rows
