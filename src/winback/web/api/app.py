"""The addresses as one API, and what is answered where something goes wrong: always {"error": …}."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from winback import __version__
from winback.errors import NotKept, UsageError, WinbackError
from winback.faults import in_plain_words
from winback.web.api.answering import as_json, refused
from winback.web.api.asking import EXPECTED
from winback.web.api.keys import Key, NoRole
from winback.web.api.reading import Missing, router

View = Callable[..., HttpResponse]
# Of what was asked, in an error.
_SHOWN = 80
_log = logging.getLogger("winback.web")
_OPERATIONS = ("table", "pulls", "kpis", "impact", "account")
_NO_KEY = "a key is needed, as the header `Authorization: Bearer KEY`: make one under API keys on the pages"
_NO_GOOD = (
    "expected a key that works, as the header `Authorization: Bearer KEY`: this one is none, was revoked, is over, or"
    " its user may not sign in any more"
)
_NO_ROLE = "the user of this key may see nothing: whoever administers winback here can give them a role"

api = NinjaAPI(
    title="Winback",
    version=__version__,
    description="Tables and KPIs of a workspace, for programs. It only reads. See docs/api.md.",
    docs_url=None,
    auth=Key(),
    urls_namespace="api",
)
api.add_router("", router)


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: Exception) -> HttpResponse:
    return refused(_NO_GOOD if "Authorization" in request.headers else _NO_KEY, 401)


@api.exception_handler(NoRole)
def _no_role(request: HttpRequest, error: Exception) -> HttpResponse:
    return refused(_NO_ROLE, 403)


@api.exception_handler(Missing)
@api.exception_handler(NotKept)
def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return refused(str(error), 404)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return refused("; ".join(_expected(request, str(each["loc"][-1]), each["msg"]) for each in error.errors), 422)


def _expected(request: HttpRequest, name: str, otherwise: str) -> str:
    if name not in EXPECTED:
        return f"{name}: {otherwise}"
    return f'{name}: expected {EXPECTED[name]}, found "{request.GET.get(name, "")[:_SHOWN]}"'


@api.exception_handler(UsageError)
def _asked_wrongly(request: HttpRequest, error: Exception) -> HttpResponse:
    return refused(str(error), 422)


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """What has words for a person is told in them; anything else is a bug, and is logged as one."""
    try:
        with in_plain_words():
            raise error
    except WinbackError as told:
        return refused(str(told), 503)
    except Exception:
        _log.exception("%s %s", request.method, request.path)
        return refused("this failed, and the reason is in winback's log", 500)


def urls() -> list[URLPattern]:
    """Open as far as the login of the pages goes: a key is asked for instead, but for the description of the API, which
    says nothing of the workspace. Nothing here changes anything, and no browser sends a key by itself (CSRF)."""
    operations = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name in _OPERATIONS]
    return [
        path("openapi.json", _as_api(_description), name="api-description"),
        *(path(str(each.pattern), _as_api(each.callback)) for each in operations),
        # Also of several lines.
        re_path("", _as_api(_no_such_address)),
    ]


def _as_api(view: Any) -> View:
    @csrf_exempt
    @login_not_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        answer: HttpResponse = view(request, *args, **values)
        if answer.status_code == 405:
            kinds = answer.get("Allow", "GET")
            answer = refused(f"this API only reads: expected {kinds}, found {request.method}", 405)
            answer["Allow"] = kinds
        return answer

    return asked


def _description(request: HttpRequest) -> HttpResponse:
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    return as_json(api.get_openapi_schema(path_prefix="/api/v1/"))


def _no_such_address(request: HttpRequest) -> HttpResponse:
    return refused("there is nothing at this address: /api/v1/openapi.json lists those there are", 404)
