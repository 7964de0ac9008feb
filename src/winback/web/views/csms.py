"""Every CSM beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from winback.web.actor import seen_at
from winback.web.choices import choices_of
from winback.web.filters import NONE, Filters
from winback.web.middleware import Asked

# Column → by what its rows are ordered, the most first; a CSM without a value comes last.
_ORDERS: dict[str, Any] = {
    "name": None,
    "at_risk": lambda row: row["at_risk"],
    "gmv": lambda row: Decimal(row["gmv_at_risk"]),
    "engaged": lambda row: row["engage_hours"]["within_24h"],
    "fastest": lambda row: None if row["median_engage_hours"] is None else -row["median_engage_hours"],
    "wins": lambda row: row["csm_true_wins"],
    "losses": lambda row: row["csm_losses"],
    "recovered": lambda row: Decimal(row["revenue_recovered"]),
    "precision": lambda row: row["precision"],
    "useful": lambda row: row["useful"] / row["answered"] if row["answered"] else None,
}

# As people ask for them.
_VIEWS = (
    ("gmv", "Most GMV at risk"),
    ("fastest", "Who answers fastest"),
    ("wins", "Most true wins"),
    ("recovered", "Most recovered"),
    ("name", "By name"),
)


def csms(request: Asked) -> HttpResponse:
    filters = Filters.of(request.GET, request.workspace)
    rows = request.workspace.kpis(**filters.query, seen_at=seen_at(request))["by_csm"]
    order = request.GET.get("sort", "gmv")
    order = order if order in _ORDERS else "gmv"
    shown = {
        "filters": filters,
        "choices": choices_of(request.workspace, filters),
        "kept": {"sort": order},
        "sort": order,
        "views": _VIEWS,
        "csms": [_row(row) for row in _ordered(rows, order)],
        "most": max((Decimal(row["gmv_at_risk"]) for row in rows), default=Decimal(0)),
    }
    return render(request, "web/csms.html", shown)


def _ordered(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    value = _ORDERS[order]
    if value is None:
        return sorted(rows, key=lambda row: (row["csm_name"] or row["csm_email"] or "").casefold())
    return sorted(rows, key=lambda row: (value(row) is not None, value(row) or 0), reverse=True)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """With the address of their accounts at risk."""
    who = row["csm_email"] or row["csm_name"]
    useful = row["useful"] / row["answered"] if row["answered"] else None
    return {**row, "accounts": f"/at-risk/?{urlencode({'csm': who or NONE})}", "useful_share": useful}
