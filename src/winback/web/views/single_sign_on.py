"""Signing in by single sign-on: off to the provider, and back."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from winback.web import site
from winback.web.views.sign_in import note

_log = logging.getLogger("winback.web")


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

    try:
        answer: HttpResponse = Done.as_view()(request)
    except NotAdmitted as error:
        note(error.email, "sign-in refused", BY)
        return _refused(request, str(error), 403)
    except requests.RequestException as error:
        _log.warning("single sign-on: %s", type(error).__name__)
        return _refused(request, "Your provider did not answer as expected. Try again a little later.", 503)
    except (SuspiciousOperation, PermissionDenied, PyJWTError, KeyError) as error:
        _log.warning("single sign-on refused: %s", error)
        note("", "sign-in refused", BY)
        return _refused(request, "This sign-in was not begun in this browser, or is too old. Begin again.", 403)
    note(request.user.get_username(), "signed in", BY)
    return answer


def _refused(request: HttpRequest, words: str, status: int) -> HttpResponse:
    shown = {"title": "Not signed in", "problem": words, "is_signing_in": True}
    return render(request, "web/problem.html", shown, status=status)


def _refuse_where_not_set() -> None:
    web = site.workspace().settings.web
    if web is None or web.oidc is None:
        raise Http404
