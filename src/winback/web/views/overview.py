"""The first page: where everything stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from winback.web.choices import choices_of
from winback.web.filters import Filters
from winback.web.middleware import Asked


def overview(request: Asked) -> HttpResponse:
    filters = Filters.of(request.GET, request.workspace)
    shown = {"filters": filters, "choices": choices_of(request.workspace, filters)}
    return render(request, "web/overview.html", {**shown, "kpis": request.workspace.kpis(**filters.query)})
