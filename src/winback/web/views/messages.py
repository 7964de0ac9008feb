"""What is said to CSMs: first what did not reach anybody, then the newest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from winback import requests
from winback.errors import UsageError
from winback.store.models import Case, Notification
from winback.web.choices import choices_of
from winback.web.decision_forms import Once
from winback.web.filters import Filters
from winback.web.middleware import Asked, at_least
from winback.web.turning import ROWS, turned_list

# What somebody has to look at, the worst first.
_AMISS = ("failed", "unrouted", "waiting", "unknown")
# Slower than any channel that answers at all.
_ON_ITS_WAY = dt.timedelta(minutes=5)
_STATUSES = (*_AMISS, "planned", "sent", "superseded", "skipped")


def messages_(request: Asked) -> HttpResponse:
    filters = Filters.of(request.GET, request.workspace)
    status, pull = request.GET.get("status") or None, request.GET.get("pull") or None
    if status not in (None, *_STATUSES):
        raise UsageError(f'expected a status ({", ".join(_STATUSES)}), found "{status}"')
    asked_for = _of(filters, pull)
    wrong = _not_under_way(asked_for, request.workspace.now())
    amiss = dict(wrong.filter(status__in=_AMISS).values_list("status").annotate(count=Count("pk")))
    shown = asked_for if status is None else asked_for.filter(status=status)
    turned = turned_list(request.GET, shown.order_by("-pk"))
    first = _worst(wrong) if status is None and turned.number == 1 and amiss else []
    _name([*turned.rows, *first])
    found = {
        "filters": filters,
        "choices": choices_of(request.workspace, filters),
        "kept": {name: value for name, value in (("status", status), ("pull", pull)) if value},
        "status": status,
        "statuses": _STATUSES,
        "pull": pull,
        "amiss": [(each, amiss[each]) for each in _AMISS if each in amiss],
        "first": first,
        "turned": turned,
        "form": Once.fresh(),
    }
    return render(request, "web/messages.html", found)


@at_least("manager")
@require_POST
def release(request: Asked) -> HttpResponse:
    """As `winback notify --release` does; it may be hundreds of messages."""
    form = Once(request.POST)
    if not form.is_valid():
        raise UsageError("this form is not complete: open the page again")
    key, workspace = f"release:{form.cleaned_data['key']}", request.workspace
    asked = requests.ask(workspace.settings, "release", {}, request.user.email, workspace.now(), key=key)
    return redirect("request", asked)


def _of(filters: Filters, pull: str | None) -> Any:
    found = Notification.objects.all()
    if filters.product is not None:
        found = found.filter(product=filters.product)
    if filters.region is not None:
        found = found.filter(region=filters.region) if filters.region else found.filter(region=None)
    if filters.csm == "":
        found = found.filter(csm_name=None, csm_email=None)
    elif filters.csm is not None:
        found = found.filter(Q(csm_name=filters.csm) | Q(csm_email__iexact=filters.csm))
    if filters.at is not None:
        found = found.filter(planned_at__lte=filters.at)
    if pull is not None:
        if not (pull.isascii() and pull.isdigit()):
            raise UsageError(f'there is no pull "{pull[:20]}"')
        found = found.filter(pull_id=int(pull[:18]))
    return found


def _not_under_way(asked_for: Any, now: dt.datetime) -> Any:
    """What was only just handed to its channel is on its way, and not in the dark."""
    return asked_for.exclude(status="unknown", message__attempted_at__gt=now - _ON_ITS_WAY)


def _worst(asked_for: Any) -> list[Notification]:
    """As many as a page has, of the worst status first: each has an index of its own."""
    found: list[Notification] = []
    for status in _AMISS:
        if len(found) < ROWS:
            found += asked_for.filter(status=status).order_by("-pk")[: ROWS - len(found)]
    return found


def _name(rows: Iterable[Any]) -> None:
    """The merchants of the rows that a page shows."""
    names = dict(
        Case.objects.filter(pk__in={row.case_id for row in rows if row.case_id}).values_list("pk", "merchant_name")
    )
    for row in rows:
        row.merchant_name = names.get(row.case_id)
