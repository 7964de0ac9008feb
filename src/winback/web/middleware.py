"""Who may see a page, and what is said where something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from winback.core.roles import Role, is_at_least
from winback.errors import UsageError, WinbackError
from winback.faults import in_plain_words
from winback.web import site

if TYPE_CHECKING:
    from winback.access.models import User
    from winback.workspace import Workspace

View = TypeVar("View", bound=Callable[..., Any])


class Asked(HttpRequest):
    """A request of somebody who is signed in, with the workspace it is about."""

    user: User
    role: Role | None
    workspace: Workspace
    htmx: Any


def at_least(least: Role) -> Callable[[View], View]:
    """A page that not everybody who is signed in may see."""

    def marked(view: View) -> View:
        cast("Any", view).least_role = least
        return view

    return marked


class RolesMiddleware:
    """Every page but those that need no login is for viewers and those who may more; `at_least` asks for more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("Asked", request)
        asked.workspace, asked.role = site.workspace(), None
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> None:
        if not getattr(view, "login_required", True):
            return
        asked = cast("Asked", request)
        asked.role = asked.user.role
        if not is_at_least(asked.role, getattr(view, "least_role", "viewer")):
            raise PermissionDenied

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What has words for a person is told in them; anything else is a bug, and logged as one."""
        try:
            with in_plain_words():
                raise error
        except WinbackError as told:
            is_theirs = isinstance(told, UsageError)
            return render(request, "web/problem.html", {"problem": str(told)}, status=400 if is_theirs else 503)
        except Exception:
            return None
