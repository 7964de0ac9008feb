"""What happened month by month, or in any period."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render

from winback.web.actor import seen_at
from winback.web.choices import choices_of
from winback.web.filters import Filters
from winback.web.middleware import Asked


def periods(request: Asked) -> HttpResponse:
    """`from` and `to` in the address ask for one period; without them every month since the first report."""
    workspace, filters = request.workspace, Filters.of(request.GET, request.workspace)
    begun, ended = request.GET.get("from"), request.GET.get("to")
    asked = {"product": filters.product, "region": filters.region, "csm": filters.csm}
    seen = seen_at(request)
    if begun or ended:
        whole = workspace.flows(begun or None, ended or workspace.now(), **asked, seen_at=seen)
        shown = [{"title": f"{begun or 'the beginning'} to {ended or 'now'}", **whole}]
    else:
        months = workspace.months(end=filters.at, **asked, seen_at=seen)["months"]
        shown = [{"title": _in_words(month["month"]), **month} for month in reversed(months)]
        if shown:
            shown[0]["is_running"] = True
    context = {"filters": filters, "choices": choices_of(workspace, filters), "periods": shown}
    return render(request, "web/periods.html", {**context, "from": begun or "", "to": ended or ""})


def _in_words(month: str) -> str:
    return f"{dt.date.fromisoformat(f'{month}-01'):%B %Y}"
