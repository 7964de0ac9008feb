"""The first page: where everything stands, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.shortcuts import render

from winback.core.bands import BANDS
from winback.web import drawings
from winback.web.actor import seen_at
from winback.web.choices import choices_of
from winback.web.filters import NONE, Filters
from winback.web.middleware import Asked
from winback.web.tags import BAND_WORDS
from winback.web.views.pulls import held_pulls

Document = Mapping[str, Any]
MEASURES = {"accounts": "Accounts", "gmv": "GMV", "revenue": "Revenue"}
_A_WEEK, _DAYS = 7, 90
# More have one reason as a rule, and stand under Pulls.
_HELD = 2


@dataclass(frozen=True)
class Figure:
    """One of the topline. `rows`: the address of the table with what it is made of."""

    name: str
    words: str
    hint: str
    tone: str
    rows: str


FIGURES = (
    Figure("at_risk", "At risk", "off now, and not given up yet", "risk", "/at-risk/"),
    Figure("churned", "Churned", "off for too long, or given up", "lost", "/churned/"),
    Figure("won", "Won", "win-backs and new adoptions", "won", "/won/"),
    Figure("recovered", "Recovered", "churned, and came back", "won", "/won/?kind=win_back"),
)


def overview(request: Asked) -> HttpResponse:
    filters, measure = Filters.of(request.GET, request.workspace), _measure(request)
    kpis = request.workspace.kpis(**filters.query, seen_at=seen_at(request))
    shown = {
        "filters": filters,
        "choices": choices_of(request.workspace, filters),
        "kept": {"measure": request.GET.get("measure")} if request.GET.get("measure") else {},
        "held": [] if filters.at else held_pulls(filters)[:_HELD],
        "kpis": kpis,
        "measure": measure,
        "measures": MEASURES,
        "bands": list(BAND_WORDS.values()),
        "figures": [(figure, kpis[figure.name], _bands(kpis[figure.name], measure, figure)) for figure in FIGURES],
        "regions": _regions(kpis["recovered"]["by_region"]),
        "credits": _credits(kpis),
    }
    if "trend" in request.GET:
        shown |= {"trends": _trends(request, filters, measure)}
    return render(request, "web/overview.html", shown)


def trend(request: Asked) -> HttpResponse:
    """What the page shows of the last ninety days, by itself: every day is counted for it."""
    filters, measure = Filters.of(request.GET, request.workspace), _measure(request)
    return render(request, "web/trend.html", {"trends": _trends(request, filters, measure), "measure": measure})


def _measure(request: Asked) -> str:
    asked = request.GET.get("measure", "accounts")
    return asked if asked in MEASURES else "accounts"


def _bands(figure: Document, measure: str, of: Figure) -> list[dict[str, Any]]:
    """What is in each band and within it, with where its rows are."""
    joint = "&" if "?" in of.rows else "?"
    return [
        {
            "in": figure["by_time"][name][measure],
            "within": figure["by_time"][name]["within"][measure],
            "rows": f"{of.rows}{joint}band={quote(name)}",
            "rows_within": f"{of.rows}{joint}band={quote(name)}&within=1",
        }
        for name, _ in BANDS
    ]


def _regions(by_region: Mapping[str, str]) -> list[dict[str, Any]]:
    """The most first, each with its part of the most, for a bar."""
    most = max(map(Decimal, by_region.values()), default=Decimal(0))
    ordered = sorted(by_region.items(), key=lambda each: -Decimal(each[1]))
    return [
        {
            "region": region,
            "revenue": revenue,
            "most": most,
            "rows": f"/won/?{urlencode({'kind': 'win_back', 'region': region or NONE})}",
        }
        for region, revenue in ordered
    ]


def _credits(kpis: Document) -> list[tuple[str, list[dict[str, Any]]]]:
    """Wins and losses by whose they are; a bar shows the part of all."""
    credit = kpis["credit"]
    groups = (
        ("Win-backs", "won", kpis["recovered"], ("csm_true_wins", "assisted_wins", "self_service_wins")),
        ("Losses", "lost", kpis["churned"], ("csm_losses", "self_service_losses")),
    )
    return [
        (
            title,
            [
                {
                    **credit[name],
                    "words": _CREDIT_WORDS[name],
                    "tone": tone,
                    "all": whole["accounts"],
                    "rows": _CREDIT_ROWS[name],
                }
                for name in names
            ],
        )
        for title, tone, whole, names in groups
    ]


_CREDIT_WORDS = {
    "csm_true_wins": ("True wins", "a CSM said so, and the reports show it"),
    "assisted_wins": ("Assisted", "a CSM was in touch before, and claimed nothing"),
    "self_service_wins": ("Self-service", "came back by themselves"),
    "csm_losses": ("With a CSM", "a CSM was in touch, or gave it up"),
    "self_service_losses": ("Without anybody", "nobody was in touch"),
}

_CREDIT_ROWS = {
    "csm_true_wins": "/won/?kind=win_back&credit=csm",
    "assisted_wins": "/won/?kind=win_back&credit=assisted",
    "self_service_wins": "/won/?kind=win_back&credit=self_service",
    "csm_losses": "/churned/?credit=csm",
    "self_service_losses": "/churned/?credit=self_service",
}


def _trends(request: Asked, filters: Filters, measure: str) -> list[dict[str, Any]]:
    days = request.workspace.trend(**filters.query, seen_at=seen_at(request), days=_DAYS)["days"]
    return [_trend_of(figure, [(day["at"], day[figure.name][measure]) for day in days], measure) for figure in FIGURES]


def _trend_of(figure: Figure, values: list[tuple[str, Any]], measure: str) -> dict[str, Any]:
    """The change against a week before, and the line of all days."""
    now, before, first = (Decimal(values[place][1]) for place in (-1, -1 - _A_WEEK, 0))
    words = f"{figure.words}, {MEASURES[measure]}: {first:,} ninety days ago, {before:,} a week ago, {now:,} then"
    points = [{"at": at, "value": float(value)} for at, value in values]
    return {
        "figure": figure,
        "change": now - before,
        "before": before,
        "drawing": drawings.trend(points, f"var(--{figure.tone}-fill)", words),
    }
