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
    """Open to everybody: a load balancer has no key. It says nothing but whether all is well."""
    status = health.check(site.workspace().settings, site.workspace().now())["status"]
    return JsonResponse({"status": status}, status=200 if status == "ok" else 503)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever has a key of somebody with a role, which it checks itself."""
    now, sent = site.workspace().now(), request.headers.get("Authorization", "")
    user = user_of_key(sent.removeprefix(_BEARER), now) if sent.startswith(_BEARER) else None
    if user is None or user.role is None:
        answer = HttpResponse("a key is needed: winback admin key EMAIL\n", status=401, content_type="text/plain")
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    return HttpResponse(health.metrics(site.workspace().settings, now), content_type="text/plain; version=0.0.4")
