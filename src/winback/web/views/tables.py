"""At risk, churned, won, re-adopted: what the figures are made of, account by account."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from winback import formats
from winback.core.bands import BANDS
from winback.core.money import to_units
from winback.errors import UsageError
from winback.store import tables as stored
from winback.store.audit import note
from winback.store.record import micros
from winback.store.tables import Part
from winback.tables import Query, Table, values_of
from winback.web.choices import choices_of
from winback.web.filters import Filters
from winback.web.middleware import Asked

PAGE = 50
_OWN = ("q", "gmv", "band", "within", "sort", "up", "uncontacted", "kind", "credit")
_TEXTS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True)
class Room:
    """A page with a table. `columns`: name → heading; `since`: the moment its bands are counted from; `views`: ready
    made, words → what stands in the address for them."""

    table: str
    title: str
    words: str
    since: str
    columns: Mapping[str, str]
    views: Mapping[str, Mapping[str, str]]
    equal: Mapping[str, str]
    filters: tuple[str, ...] = ()


_WHO = {"merchant_name": "Account", "csm_name": "CSM", "region": "Region", "gmv": "GMV", "revenue": "Revenue"}
_NEW = {"New in the last 24 h": {"band": "L24HRS"}}
_LARGEST = {"Largest first": {"sort": "gmv"}}
_OPEN = {
    **_WHO,
    "churned_at": "Churned",
    "last_stage": "Last message",
    "engaged_at": "Engaged",
    "claim": "Claim",
    "csm_name_now": "CSM now",
}
ROOMS = {
    "at_risk": Room(
        "at_risk",
        "At risk",
        "Enabled once, off now, not given up yet.",
        "churned_at",
        _OPEN,
        {
            "Nobody has contacted in 24 h": {"uncontacted": "24h"},
            "Nobody has contacted in 48 h": {"uncontacted": "48h"},
            **_LARGEST,
            **_NEW,
        },
        {},
    ),
    "churned": Room(
        "churns",
        "Churned",
        "Off for so long, or said to be lost.",
        "lost_at",
        {**_OPEN, "lost_at": "Lost"},
        {**_LARGEST, **_NEW},
        {"status": "lost"},
    ),
    "won": Room(
        "wins",
        "Won",
        "Win-backs and new adoptions that stand.",
        "won_at",
        {**_WHO, "kind": "Kind", "won_at": "Won", "turnover_hours": "Turnover", "credit": "Credit"},
        {"Win-backs": {"kind": "win_back"}, "New adoptions": {"kind": "new_adoption"}, **_LARGEST, **_NEW},
        {},
        ("kind", "credit"),
    ),
    "readopted": Room(
        "readopted",
        "Re-adopted",
        "Every win-back there has been, churned again since or not.",
        "closed_at",
        {**_WHO, "churned_at": "Churned", "closed_at": "Came back", "turnover_hours": "Turnover", "credit": "Credit"},
        {**_LARGEST, **_NEW},
        {},
        ("credit",),
    ),
}


def table(request: Asked, room: str) -> HttpResponseBase:
    chosen, filters = ROOMS[room], Filters.of(request.GET, request.workspace)
    part, query = _part(request, chosen), _query(request, filters)
    values = values_of(request.workspace.settings, query)
    if form := request.GET.get("download"):
        return _download(request, chosen, part, values, form)
    total = stored.count_part(chosen.table, values, part)
    pages = max(1, -(-total // PAGE))
    page = min(pages, max(1, int(request.GET["page"]))) if request.GET.get("page", "").isdecimal() else 1
    rows = [row for batch in stored.part_batches(chosen.table, values, part, PAGE, (page - 1) * PAGE) for row in batch]
    own = {name: request.GET[name] for name in _OWN if request.GET.get(name)}
    shown = {
        "room": chosen,
        "filters": filters,
        "choices": choices_of(request.workspace, filters),
        "kept": own,
        "rows": list(_rows(rows, chosen)),
        "headings": _headings(chosen, part, filters, own),
        "views": [(words, f"?{filters.address}&{urlencode(view)}") for words, view in chosen.views.items()],
        "total": total,
        "first": (page - 1) * PAGE + 1,
        "last": (page - 1) * PAGE + len(rows),
        "same": f"?{filters.address}&{urlencode(own)}",
        "earlier": page - 1,
        "later": page + 1 if page < pages else 0,
        "own": own,
    }
    return render(request, "web/table.html", shown)


def _query(request: Asked, filters: Filters) -> Query:
    uncontacted = {"": None, "24h": 24, "48h": 48}.get(request.GET.get("uncontacted", ""))
    length = None if uncontacted is None else dt.timedelta(hours=uncontacted)
    at = filters.at or request.workspace.now()
    return Query(at, filters.product, filters.region, filters.csm, uncontacted_for=length)


def _part(request: Asked, room: Room) -> Part:
    """What is asked of the table; what can't be asked is left out, or an error where somebody typed it."""
    sort = request.GET.get("sort", "")
    part = Part(sort if sort in room.columns else room.since, "up" not in request.GET, request.GET.get("q") or None)
    equal = {name: request.GET[name] for name in room.filters if request.GET.get(name)}
    part = replace(part, equal={**room.equal, **equal}, since=room.since, for_csms=request.role == "csm")
    return _within(request, replace(part, least_gmv=_amount(request.GET.get("gmv", ""))))


def _amount(text: str) -> int | None:
    try:
        return to_units(Decimal(text.replace(",", ""))) if text.strip() else None
    except InvalidOperation as error:
        raise UsageError(f'expected the least GMV as a number such as 10000, found "{text}"') from error


def _within(request: Asked, part: Part) -> Part:
    names = [name for name, _ in BANDS]
    band = request.GET.get("band", "")
    if band not in names:
        return part
    place = names.index(band)
    before = BANDS[place - 1][1] if place and "within" not in request.GET else None
    return replace(part, longer_than=micros(before), at_most=micros(BANDS[place][1]))


def _rows(rows: list[tuple[Any, ...]], room: Room) -> Iterator[dict[str, Any]]:
    kinds = dict(stored.TABLES[room.table])
    for row in rows:
        cells = dict(zip(kinds, row, strict=True))
        yield {
            "product": cells["product"],
            "uid": cells["uid"],
            "merchant": cells["merchant_name"] or cells["uid"],
            "cells": [(kinds[name], cells[name]) for name in list(room.columns)[1:]],
        }


def _headings(room: Room, part: Part, filters: Filters, own: Mapping[str, str]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in own.items() if name not in ("sort", "up")}
    kinds = dict(stored.TABLES[room.table])
    found = []
    for name, words in room.columns.items():
        is_here = name == part.sort
        turned = {"up": "1"} if is_here and part.is_descending else {}
        order = ("descending" if part.is_descending else "ascending") if is_here else ""
        address = f"?{filters.address}&{urlencode({**kept, 'sort': name, **turned})}"
        is_number = kinds[name] in ("money", "hours", "count")
        found.append({"words": words, "address": address, "order": order, "is_number": is_number})
    return found


def _download(request: Asked, room: Room, part: Part, values: dict[str, object], form: str) -> HttpResponseBase:
    """Exactly what is shown, all pages of it; a spreadsheet runs nothing that stands in it."""
    if form not in _TEXTS:
        raise UsageError(f'expected download=csv or download=parquet, found "{form}"')
    found = Table(stored.TABLES[room.table], stored.part_batches(room.table, values, part))
    note(request.workspace.now(), request.user.email, "download", room.title, request.META.get("QUERY_STRING"))
    # Deleted when the answer is sent, since nothing else has it open.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    with tempfile.TemporaryDirectory(prefix="winback-") as folder:
        path = Path(folder) / room.table
        if form == "csv":
            with path.open("w", encoding="utf-8", newline="") as stream:
                formats.write_csv(found, stream)
        else:
            formats.write_parquet(found, path)
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{room.table}.{form}", content_type=_TEXTS[form])
