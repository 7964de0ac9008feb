"""One account, and what may be done about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from winback.accounts import MOST_EVENTS, Account, read_account
from winback.answers import may_answer
from winback.core.holdout import is_hidden
from winback.core.roles import is_at_least
from winback.messages.facts import url_of_uid
from winback.store.answers import Csm, find_case
from winback.store.models import Case
from winback.unchanged import read_unchanged, tells_by_being_there
from winback.web.actor import actor_of, seen_at
from winback.web.answering import take_answer
from winback.web.choices import choices_of
from winback.web.filters import NOW_ALL, Filters
from winback.web.forms import Answer, Doubt, LogOutcome, ReachOut, Reassign, Snooze, Void
from winback.web.middleware import Asked, at_least

# As they stand in an address.
FORMS: dict[str, type[Answer]] = {
    "reach-out": ReachOut,
    "outcome": LogOutcome,
    "snooze": Snooze,
    "reassign": Reassign,
    "doubt": Doubt,
    "void": Void,
}


class AnswerName:
    """The part of an address that says which form it is."""

    regex = "|".join(name for name in FORMS if name != "void")

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


# Of no use once the account is back.
_WHILE_OPEN = ("reach-out", "snooze", "reassign")


def account(request: Asked, product: str) -> HttpResponse:
    workspace, uid = request.workspace, request.GET.get("uid", "")
    filters = Filters.of(request.GET, workspace)
    at = filters.at or workspace.now()
    found = read_account(workspace.settings, product, uid, at, seen_at(request))
    if found is None:
        return _unchanged(request, product, uid, filters, at)
    shown = {
        "account": found,
        "filters": filters,
        "url": url_of_uid(uid, workspace.settings),
        "forms": [] if filters.at else _forms(request, found),
        "owner": _owner(found),
        "away": _hours_away(found),
        "now": NOW_ALL.account(product, uid),
        "csms": choices_of(workspace, filters)["csms"],
        "is_cut": len(found.events) == MOST_EVENTS,
        "next": request.get_full_path(),
    }
    return render(request, "web/account.html", shown)


def _unchanged(request: Asked, product: str, uid: str, filters: Filters, at: dt.datetime) -> HttpResponse:
    """What the last report says of an account that has no episode. A CSM is not told whether it is on: it looks like
    this, too, where its only case is held out (rules.md R6.6)."""
    settings = request.workspace.settings
    is_blind = request.role == "csm"
    is_secret = is_blind and tells_by_being_there(settings, product)
    found = None if is_secret else read_unchanged(settings, product, uid, at)
    if found is None:
        words = f'The reports of "{product}" have shown no account "{uid}" until then.'
        return render(request, "web/problem.html", {"title": "No such account", "problem": words}, status=404)
    shown = {
        "account": found,
        "filters": filters,
        "url": url_of_uid(uid, settings),
        "now": NOW_ALL.account(product, uid),
        "tells_state": not is_blind,
    }
    return render(request, "web/account_unchanged.html", shown)


def _owner(found: Account) -> Csm | None:
    """Name and address of whose it is now, or was when it came back."""
    newest = found.newest
    row = next((each for each in found.cases if found.case and each["case_id"] == found.case.pk), None)
    name, email = (row["csm_name_now"], row["csm_email_now"]) if row else (newest.csm_name, newest.csm_email)
    return (name or email, email if name else None) if name or email else None


def _hours_away(found: Account) -> float | None:
    case = found.case
    if case is None or case.readopted_at is None:
        return None
    return (case.readopted_at - case.churned_at).total_seconds() / 3_600


def _forms(request: Asked, found: Account) -> list[tuple[str, Answer]]:
    """Address and form of what this user may do about the account now."""
    case, workspace = found.case, request.workspace
    if case is None or not is_at_least(request.role, "csm"):
        return []
    if not may_answer(workspace.settings, case, actor_of(request), workspace.now()):
        return []
    names = [name for name in FORMS if case.readopted_at is None or name not in _WHILE_OPEN]
    if not is_at_least(request.role, "manager"):
        names.remove("void")
    return [(_address(case, name), FORMS[name](None, workspace.settings, workspace.now())) for name in names]


def _address(case: Case, name: str) -> str:
    return reverse("void-case", args=[case.pk]) if name == "void" else reverse("answer-case", args=[case.pk, name])


@at_least("csm")
@require_POST
def answer(request: Asked, case: int, name: str) -> HttpResponse:
    """A form about a case; it leads back to where it was."""
    found, workspace = _seen_case(request, case), request.workspace
    form = FORMS[name](request.POST, workspace.settings, workspace.now())
    told = None
    if form.is_valid():
        told = take_answer(workspace.settings, found, form, actor_of(request), workspace.now())
    return _answered(request, found, form, told)


@at_least("manager")
@require_POST
def void(request: Asked, case: int) -> HttpResponse:
    found, workspace = _seen_case(request, case), request.workspace
    form = Void(request.POST, workspace.settings, workspace.now())
    told = None
    if form.is_valid():
        merchant = found.merchant_name or found.uid
        if found.voided_at is None:
            workspace.void(case, form.cleaned_data["reason"], request.user.email)
        told = f"The case of {merchant} is void: it counts nowhere."
    return _answered(request, found, form, told)


def _seen_case(request: Asked, case: int) -> Case:
    """What is held out is not there for a CSM (rules.md R6.6)."""
    found, seen = find_case(case), seen_at(request)
    if found is None or (seen is not None and is_hidden(found.arm, found.churned_at, seen)):
        raise Http404
    return found


def _answered(request: Asked, case: Case, form: Answer, told: str | None) -> HttpResponse:
    """`told`: None where the form has to be put right."""
    home = NOW_ALL.account(case.product, case.uid)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = home
    shown: dict[str, Any] = {"case": case, "form": form, "told": told, "home": home, "next": back}
    if request.htmx:
        return render(request, "web/answered.html", shown)
    if told is None:
        shown["csms"] = choices_of(request.workspace, NOW_ALL)["csms"]
        return render(request, "web/answer_form.html", shown, status=400)
    messages.success(request, told)
    return redirect(back)
