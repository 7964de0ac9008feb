"""A CSM's own accounts at risk, with the forms to answer for them: for companies without Slack."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from winback.errors import UsageError
from winback.pages import Page, Wanted, read_page
from winback.store.pages import Order
from winback.tables import Query
from winback.web.actor import actor_of, key_of_actor
from winback.web.filters import NOW_ALL
from winback.web.forms import LogOutcome, ReachOut
from winback.web.middleware import Asked, at_least

_PAGE = 50


@at_least("csm")
def my_accounts(request: Asked) -> HttpResponse:
    """What nobody has answered comes first, the largest before all."""
    workspace, actor = request.workspace, actor_of(request)
    number = request.GET.get("page") or "1"
    if not number.isdecimal() or not 0 < int(number) < 10**6:
        raise UsageError(f'page: expected a number from 1 on, found "{number}"')
    now = workspace.now()
    wanted = Wanted(csm_key=key_of_actor(actor) or "")
    order, after = Order("gmv", answered_last=True), (int(number) - 1) * _PAGE
    page = read_page(workspace.settings, "at_risk", Query(now, seen_at=now), wanted, order, _PAGE, after)
    shown = {
        "rows": _rows(request, page),
        "total": page.total,
        "actor": actor,
        "next": request.get_full_path(),
        "first": after + 1,
        "until": after + len(page.found),
        "previous_page": int(number) - 1,
        "next_page": int(number) + 1 if after + _PAGE < page.total else None,
        "names_product": len(workspace.settings.products) > 1,
    }
    return render(request, "web/my_accounts.html", shown)


def _rows(request: Asked, page: Page) -> list[dict[str, Any]]:
    settings, now = request.workspace.settings, request.workspace.now()
    return [
        row
        | {
            "case": found.id,
            "address": NOW_ALL.account(row["product"], row["uid"]),
            "reach_out": ReachOut(None, settings, now),
            "log_outcome": LogOutcome(None, settings, now),
            "is_answered": bool(row["claim"] or row["snoozed_until"] or row["engaged_at"]),
        }
        for found, row in zip(page.found, page.rows, strict=True)
    ]
