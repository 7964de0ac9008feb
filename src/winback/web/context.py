"""What every page has: who looks, where they are, what they may."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from winback.core.roles import Role, is_at_least
from winback.web import site
from winback.web.filters import SHARED

# Address, words, and who sees it, in the order of the menu.
MENU: tuple[tuple[str, str, Role], ...] = (
    ("overview", "Overview", "viewer"),
    ("at-risk", "At risk", "viewer"),
    ("churned", "Churned", "viewer"),
    ("won", "Won", "viewer"),
    ("readopted", "Re-adopted", "viewer"),
    ("months", "Months", "viewer"),
    ("csms", "CSMs", "viewer"),
    ("my-accounts", "My accounts", "csm"),
    ("impact", "Impact", "viewer"),
    ("pulls", "Pulls", "viewer"),
    ("messages", "Messages", "viewer"),
    ("upload", "Upload", "manager"),
    ("people", "People", "manager"),
    ("users", "Users", "admin"),
    ("audit", "Audit", "admin"),
)


def of_every_page(request: HttpRequest) -> dict[str, Any]:
    role: Role | None = getattr(request, "role", None)
    settings = site.workspace().settings
    match = request.resolver_match
    kept = {name: value for name in SHARED if (value := request.GET.get(name))}
    return {
        "role": role,
        "is_manager": is_at_least(role, "manager"),
        "has_passwords": site.has_passwords(settings.web),
        "menu": [
            {"address": _with(reverse(name), kept), "words": words, "is_here": bool(match and match.url_name == name)}
            for name, words, least in MENU
            if is_at_least(role, least)
        ],
        "currency": settings.workspace.currency,
        "revenue_period": settings.workspace.revenue_period,
        "timezone": settings.workspace.timezone,
    }


def _with(path: str, kept: dict[str, str]) -> str:
    return f"{path}?{urlencode(kept)}" if kept else path
