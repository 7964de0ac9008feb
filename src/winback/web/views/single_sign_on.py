"""Signing in by single sign-on: off to the provider, and back."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from winback.web import site
from winback.web.views.sign_in import note

_log = logging.getLogger("winback.web")
_LONGEST = 300
_NOT_BEGUN = "This sign-in was not begun in this browser, or is too old. Begin again."
_NO_ANSWER = "Your provider did not answer as expected. Try again a little later."
_NOT_TRUSTED = (
    "The answer of your provider can't be trusted: it is for another program, from somebody else, or too old. Begin"
    " again; if that does not help, whoever administers winback finds the reason in the audit log."
)


@login_not_required
def begin(request: HttpRequest) -> HttpResponse:
    """Open to everybody: it is how they come in."""
    _refuse_where_not_set()
    from winback.web.single_sign_on import Begin

    answer: HttpResponse = Begin.as_view()(request)
    return answer


@login_not_required
def done(request: HttpRequest) -> HttpResponse:
    """Open to whom the provider sends back."""
    _refuse_where_not_set()
    import requests
    from jwt import PyJWTError

    from winback.web.single_sign_on import BY, Done, NotAdmitted

    if "code" in request.GET and request.GET.get("state") not in request.session.get("oidc_states", {}):
        return _refused(request, _NOT_BEGUN, 403, "not begun in this browser")
    try:
        answer: HttpResponse = Done.as_view()(request)
    except NotAdmitted as error:
        return _refused(request, str(error), 403, str(error), error.email)
    except requests.RequestException as error:
        return _refused(request, _NO_ANSWER, 503, type(error).__name__)
    except (SuspiciousOperation, PyJWTError, KeyError) as error:
        return _refused(request, _NOT_TRUSTED, 403, f"{type(error).__name__}: {error}")
    note(request.user.get_username(), "signed in", BY)
    return answer


def _refused(request: HttpRequest, words: str, status: int, reason: str, email: str = "") -> HttpResponse:
    """`words`: for whoever it is; `reason`: for who administers winback."""
    _log.warning("single sign-on refused: %s", reason)
    note(email, "sign-in refused", f"single sign-on: {reason}"[:_LONGEST])
    shown = {"title": "Not signed in", "problem": words, "is_signing_in": True}
    return render(request, "web/problem.html", shown, status=status)


def _refuse_where_not_set() -> None:
    web = site.workspace().settings.web
    if web is None or web.oidc is None:
        raise Http404
