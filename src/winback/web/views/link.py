"""The link of a mail or card: one case, and the form to answer for it, without a login."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from winback import answers
from winback.answers import Actor, AnswerRefused
from winback.messages.links import LinkExpired, LinkRefused, open_links, read_token
from winback.store.answers import find_case
from winback.store.models import Case, Notification
from winback.web.answering import take_answer
from winback.web.forms import LogOutcome, Useful
from winback.web.middleware import Asked


@dataclass(frozen=True)
class _Told:
    """The message that the link was in, whom it was for, and its case."""

    notification: Notification
    case: Case
    actor: Actor


class _Gone(LinkRefused):
    pass


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Asked, token: str) -> HttpResponse:
    """Open without a login: whoever has the mail may answer it, and sees of winback nothing but its case. Opening it
    changes nothing, since mail programs open links by themselves."""
    try:
        told = _told_by(request, token)
    except (LinkExpired, _Gone) as refused:
        return _problem(request, "This link is over", str(refused), 410)
    except LinkRefused as refused:
        return _problem(request, "This link does not work", str(refused), 404)
    if request.method != "POST":
        return _show(request, told, LogOutcome(None, request.workspace.settings, request.workspace.now()))
    if "useful" in request.POST:
        return _rate(request, told)
    form = LogOutcome(request.POST, request.workspace.settings, request.workspace.now())
    if form.is_valid():
        said = take_answer(request.workspace.settings, told.case, form, told.actor, request.workspace.now())
        if said is not None:
            return _say(request, said)
    return _show(request, told, form, status=400)


def _told_by(request: Asked, token: str) -> _Told:
    """Raises LinkRefused; LinkExpired or _Gone where it was right once."""
    settings = request.workspace.settings
    links = open_links(settings)
    if links is None:
        raise LinkRefused("Messages of this winback have no such links: answer where the message is.")
    number = read_token(token, links.key, request.workspace.now())
    notification = Notification.objects.filter(pk=number).select_related("message").first()
    case = find_case(notification.case_id) if notification and notification.case_id else None
    if notification is None or notification.message is None or case is None or notification.corrected_at is not None:
        raise _Gone("This case is not there any more: the report behind it was wrong. Nothing to do.")
    address = notification.message.address
    return _Told(notification, case, Actor(address, notification.csm_name, notification.csm_email))


def _rate(request: Asked, told: _Told) -> HttpResponse:
    form, now = Useful(request.POST), request.workspace.now()
    message = told.notification.message
    if not form.is_valid() or message is None:
        return redirect(request.path)
    try:
        said = answers.rate(
            request.workspace.settings, message.key, form.cleaned_data["useful"] == "yes", told.actor, now
        )
    except AnswerRefused as refused:
        return _problem(request, "Not recorded", str(refused), 400)
    return _say(request, said)


def _say(request: Asked, said: str) -> HttpResponse:
    from django.contrib import messages

    messages.success(request, said)
    return redirect(request.path)


def _show(request: Asked, told: _Told, form: LogOutcome, status: int = 200) -> HttpResponse:
    newest = told.case.claims.order_by("-claimed_at", "-pk").first()
    return render(request, "web/link.html", {"case": told.case, "form": form, "claim": newest}, status=status)


def _problem(request: Asked, title: str, problem: str, status: int) -> HttpResponse:
    return render(request, "web/link_problem.html", {"title": title, "problem": problem}, status=status)
