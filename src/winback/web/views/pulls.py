"""The pulls: held ones first, with why; everything about one; approving, rejecting and undoing."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from winback import kept, requests
from winback.core.holdout import WATCHED
from winback.errors import UsageError
from winback.store.models import Adoption, Case, Notification, Pull
from winback.uploads import FOLDER
from winback.web.decision_forms import Decision
from winback.web.filters import Filters
from winback.web.findings import reasons_of
from winback.web.middleware import Asked, at_least
from winback.web.turning import turned_list

STATUSES = ("applied", "held", "rejected", "undone")
# More than some held pulls have one reason, and are decided on one after the other.
_HELD, _REQUESTS, _CHANGED = 5, 5, 10
# Of a held pull, in the list of all; its own page has more.
_REASONS = 4


def pulls(request: Asked) -> HttpResponse:
    filters = Filters.of(request.GET, request.workspace)
    status = request.GET.get("status") or None
    if status not in (None, *STATUSES):
        raise UsageError(f'expected a status ({", ".join(STATUSES)}), found "{status}"')
    asked_for = _of(filters)
    held = list(held_pulls(filters)[: _HELD + 1])
    shown = asked_for if status is None else asked_for.filter(status=status)
    found = {
        "filters": filters,
        "products": list(request.workspace.settings.products),
        "status": status,
        "statuses": STATUSES,
        "held": [{"pull": pull, "reasons": reasons_of(pull.findings)} for pull in held[:_HELD]],
        "most": _REASONS,
        "more_held": bool(held[_HELD:]),
        "turned": turned_list(request.GET, shown.order_by("-at", "-pk")),
        "requests": requests.recent(_REQUESTS),
    }
    return render(request, "web/pulls.html", found)


def held_pulls(filters: Filters) -> Any:
    """Newest first, of the product that is asked for."""
    return _of(filters).filter(status="held").order_by("-at")


def _of(filters: Filters) -> Any:
    """As of a moment: what had been read by then."""
    found = Pull.objects.all()
    if filters.product is not None:
        found = found.filter(product=filters.product)
    return found if filters.at is None else found.filter(at__lte=filters.at)


def pull(request: Asked, pull_id: int) -> HttpResponse:
    return _shown(request, get_object_or_404(Pull, pk=pull_id), Decision.fresh())


@at_least("manager")
@require_POST
def decide(request: Asked, pull_id: int, what: str) -> HttpResponse:
    """Done by `winback up`, since a report may have millions of rows."""
    found = get_object_or_404(Pull, pk=pull_id)
    form = Decision(request.POST)
    if what not in ("approve", "reject", "undo"):
        raise Http404
    if not form.is_valid():
        return _shown(request, found, form, status=400)
    arguments = {"pull": found.pk, "reason": form.cleaned_data["reason"]}
    key = f"{what}:{found.pk}:{form.cleaned_data['key']}"
    workspace = request.workspace
    asked = requests.ask(workspace.settings, what, arguments, request.user.email, workspace.now(), key=key)
    return redirect("request", asked)


def _shown(request: Asked, found: Pull, form: Any, status: int = 200) -> HttpResponse:
    last = kept.last_applied(found.product)
    has_rows = bool(found.accepted) or (found.mode == "presence" and not found.rows)
    told = Notification.objects.filter(pull=found).values_list("status").annotate(count=Count("pk"))
    page = {
        "pull": found,
        "uploaded": _name_of_upload(found.source),
        "reasons": reasons_of(found.findings),
        "is_held": found.status == "held",
        "is_too_late": last is not None and found.at <= last.at,
        "has_rows": has_rows,
        "is_last": last is not None and last.pk == found.pk,
        "told": sorted(told),
        "changed": _changed(found, request),
        "form": form,
    }
    return render(request, "web/pull.html", page, status=status)


def _name_of_upload(source: str) -> str | None:
    """Where uploads are kept says nothing to people."""
    _, is_upload, name = source.rpartition(f"/{FOLDER}/")
    return name.partition("/")[2] if is_upload else None


def _changed(found: Pull, request: Asked) -> list[tuple[str, list[Any]]]:
    """The largest accounts of each kind. A CSM does not see what is held out (rules.md R6.6)."""
    cases = Case.objects.filter(voided_at=None)
    if request.role == "csm":
        cases = cases.exclude(arm="held_out", churned_at__gt=request.workspace.now() - WATCHED)
    kinds = (
        ("Churned", cases.filter(opened_by=found)),
        ("Won back", cases.filter(closed_by=found)),
        ("Newly adopted", Adoption.objects.filter(pull=found)),
    )
    return [(words, list(rows.order_by("-gmv", "pk")[:_CHANGED])) for words, rows in kinds]
