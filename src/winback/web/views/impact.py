"""What the programme achieved, in words that a person understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from winback.web import drawings
from winback.web.actor import seen_at
from winback.web.choices import choices_of
from winback.web.filters import Filters
from winback.web.middleware import Asked

Document = Mapping[str, Any]
_ARMS = {"messaged": "CSM was told", "held_out": "Nobody was told"}


def impact(request: Asked) -> HttpResponse:
    filters = Filters.of(request.GET, request.workspace)
    found = request.workspace.impact(**filters.query, seen_at=seen_at(request))
    curves = found["curves"]
    shown = {
        "filters": filters,
        "choices": choices_of(request.workspace, filters),
        "impact": found["impact"],
        "value": found["value"],
        "curves": _table_of(curves),
        "curve_days": list(curves["all"]["by_day"]),
        "drawing": _drawing(curves),
        "cohorts": list(reversed(found["cohorts"])),
        "still_enabled": found["still_enabled"],
    }
    return render(request, "web/impact.html", shown)


def _drawing(curves: Document) -> str | None:
    """Of both arms where somebody was held out, else of all."""
    arms = {_ARMS[name]: curve for name, curve in curves["by_arm"].items()} if len(curves["by_arm"]) > 1 else {}
    steps = [step for who, curve in (arms or {"all": curves["all"]}).items() for step in _steps(who, curve)]
    if not steps:
        return None
    return drawings.curves(
        steps, "The share of churned accounts that is back, by days since the churn; a table follows"
    )


def _steps(who: str, curve: Document) -> Iterator[dict[str, Any]]:
    """From nothing on day 0 to the last day that anybody was followed."""
    if not curve["cases"]:
        return
    last = {"who": who, "day": 0, "share": 0.0, "low": 0.0, "high": 0.0}
    yield last
    for step in curve["steps"]:
        last = {"who": who, **{name: step[name] for name in ("day", "share", "low", "high")}}
        yield last
    if curve["followed_days"] and curve["followed_days"] > last["day"]:
        yield {**last, "day": curve["followed_days"]}


def _table_of(curves: Document) -> list[dict[str, Any]]:
    """Everybody first, then arms, regions and CSMs."""
    arms = [(_ARMS[name], curve) for name, curve in curves["by_arm"].items()]
    regions = [(name or "No region", curve) for name, curve in curves["by_region"].items()]
    csms = [(curve["csm_name"] or curve["csm_email"] or "No CSM", curve) for curve in curves["by_csm"]]
    groups = (("", [("All accounts", curves["all"])]), ("By arm", arms), ("By region", regions), ("By CSM", csms))
    return [{"title": title, "rows": rows} for title, rows in groups if rows]
