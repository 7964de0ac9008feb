"""What somebody asked `winback up` for: how far it has got, and what it came to."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import render

from winback import requests
from winback.store.requests import DEAD, last_seen
from winback.web.decision_forms import Once
from winback.web.findings import reasons_of
from winback.web.middleware import Asked, at_least


@at_least("manager")
def request_(request: Asked, request_id: int) -> HttpResponse:
    """For htmx only what changes; it asks again as long as there is something to wait for."""
    asked = requests.find(request_id)
    if asked is None:
        raise Http404
    seen = last_seen()
    outcome = asked.outcome or {}
    shown = {
        "asked": asked,
        "is_over": asked.status in ("done", "failed"),
        "has_worker": seen is not None and dt.datetime.now(dt.UTC) - seen < DEAD,
        "file": str(asked.arguments.get("path", "")).rpartition("/")[2],
        "reasons": reasons_of(outcome.get("findings", ())),
        "sent": outcome if asked.kind == "release" else outcome.get("sent"),
        "form": Once.fresh(),
    }
    return render(request, "web/request_state.html" if request.htmx else "web/request.html", shown)
