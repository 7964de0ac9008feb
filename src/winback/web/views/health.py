"""For what watches: whether winback is well, and its figures for Prometheus."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse

from winback import health
from winback.access.keys import user_of_key
from winback.web import site

_BEARER = "Bearer "


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Open to everybody: a load balancer has no key. Without one it says nothing but whether all is well."""
    found = health.check(site.workspace().settings, site.workspace().now())
    shown = found if _has_key(request) else {"status": found["status"]}
    return JsonResponse(shown, status=200 if found["status"] == "ok" else 503)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has a key of somebody with a role, which it checks itself."""
    if not _has_key(request):
        answer = HttpResponse("a key is needed: winback admin key EMAIL\n", status=401, content_type="text/plain")
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    figures = health.metrics(site.workspace().settings, site.workspace().now())
    return HttpResponse(figures, content_type="text/plain; version=0.0.4")


def _has_key(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "")
    if not sent.startswith(_BEARER):
        return False
    user = user_of_key(sent.removeprefix(_BEARER), site.workspace().now())
    return user is not None and user.role is not None
