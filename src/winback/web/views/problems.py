"""What is shown instead of a page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = "Your account may not open this page. Whoever administers winback here can give you the role for it."
    return render(request, "web/problem.html", {"title": "Not for your role", "problem": words}, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = "There is no such page. It may have been moved, or the address is not complete."
    return render(request, "web/problem.html", {"title": "Not found", "problem": words}, status=404)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    words = "This page failed, and the reason is in winback's log. What you did before is saved."
    return render(request, "web/problem.html", {"title": "Something broke", "problem": words}, status=500)
