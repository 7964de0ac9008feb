"""Rows of reports that were rejected, with line, reason and content."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from winback.errors import UsageError
from winback.rejections import cells_of, reason_counts, rejections, some_rejections
from winback.store.models import Pull
from winback.web.csv_answer import csv_answer
from winback.web.filters import Filters
from winback.web.middleware import Asked
from winback.web.turning import turned, turned_list


def rejected(request: Asked) -> HttpResponseBase:
    """Without a pull, those that have any."""
    number = request.GET.get("pull") or None
    if number is None:
        return _pulls(request)
    found = Pull.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if found is None:
        raise UsageError(f'there is no pull "{number[:20]}"')
    return _of_pull(request, found)


def _pulls(request: Asked) -> HttpResponse:
    filters = Filters.of(request.GET, request.workspace)
    found = Pull.objects.filter(rejected__gt=0)
    if filters.product is not None:
        found = found.filter(product=filters.product)
    shown = {"filters": filters, "turned": turned_list(request.GET, found.order_by("-at", "-pk"))}
    return render(request, "web/rejected_pulls.html", shown)


def _of_pull(request: Asked, found: Pull) -> HttpResponseBase:
    settings, reason = request.workspace.settings, request.GET.get("reason") or None
    if request.GET.get("format") == "csv":
        return csv_answer(request, rejections(settings, found, reason), f"rejected_rows_of_pull_{found.pk}")
    counts: list[tuple[str, int]] = reason_counts(settings, found) if found.rejected_file else []

    def rows_from(after: int, most: int) -> list[Any]:
        rows = some_rejections(settings, found, reason, after, most) if found.rejected_file else []
        return [(*others, cells_of(content)) for *others, content in rows]

    shown = {"pull": found, "counts": counts, "reason": reason, "turned": turned(request.GET, rows_from)}
    return render(request, "web/rejected.html", shown)
