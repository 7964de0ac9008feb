"""At risk, churned, won and re-adopted: a page of rows, or all of them as a file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from winback import formats
from winback.errors import UsageError
from winback.faults import each_plainly
from winback.pages import Page, read_all, read_page
from winback.store.audit import note
from winback.web.choices import choices_of
from winback.web.listing import PAGE, Listing
from winback.web.middleware import Asked
from winback.web.rooms import AT_RISK, CHURNED, READOPTED, WON, Room


def at_risk(request: Asked) -> HttpResponseBase:
    return _table(request, AT_RISK)


def churned(request: Asked) -> HttpResponseBase:
    return _table(request, CHURNED)


def won(request: Asked) -> HttpResponseBase:
    return _table(request, WON)


def readopted(request: Asked) -> HttpResponseBase:
    return _table(request, READOPTED)


def _table(request: Asked, room: Room) -> HttpResponseBase:
    listing = Listing.of(room, request)
    form = request.GET.get("download")
    if form:
        return _download(request, listing, form)
    page = _page(request, listing)
    last = max(1, -(-page.total // PAGE))
    if listing.page > last:
        listing = replace(listing, page=last)
        page = _page(request, listing)
    shown = {"listing": listing, "room": room, "filters": listing.filters, "kept": listing.kept, "last": last}
    return render(request, "web/table.html", {**shown, **_parts(request, listing, page)})


def _page(request: Asked, listing: Listing) -> Page:
    settings, room = request.workspace.settings, listing.room
    return read_page(settings, room.table, listing.query, listing.wanted, listing.order, PAGE, listing.after)


def _parts(request: Asked, listing: Listing, page: Page) -> dict[str, Any]:
    workspace, last = request.workspace, -(-page.total // PAGE)
    return {
        "choices": choices_of(workspace, listing.filters),
        "more_filters": "web/table_filters.html",
        "names_product": len(workspace.settings.products) > 1 and listing.filters.product is None,
        "rows": [row | _of_row(row, listing) for row in page.rows],
        "total": page.total,
        "first": listing.after + 1,
        "until": listing.after + len(page.found),
        "any_band": listing.address(band=None, within=None),
        "headings": [(column, *_heading(column.sort, listing)) for column in listing.room.columns],
        "merchant": _heading("merchant_name", listing),
        "views": [
            (words, listing.address(**_EMPTY | asked, page=None), _is_chosen(asked, listing))
            for words, asked in listing.room.views
            if "lost_within" not in asked or workspace.settings.cases.lost_after is not None
        ],
        "previous": listing.address(page=listing.page - 1) if listing.page > 1 else None,
        "next": listing.address(page=listing.page + 1) if listing.page < last else None,
        "csv": listing.address(download="csv"),
        "parquet": listing.address(download="parquet"),
    }


# What a view that stands ready says; the search and the filters stay.
_OF_VIEWS = ("band", "within", "uncontacted", "lost_within", "kind", "credit", "sort", "up")
_EMPTY: dict[str, str | None] = dict.fromkeys(_OF_VIEWS)


def _is_chosen(asked: dict[str, str], listing: Listing) -> bool:
    return asked == {name: value for name, value in listing.asked.items() if name in _EMPTY}


def _heading(sort: str | None, listing: Listing) -> tuple[str | None, str | None]:
    """The address of a click on it, and how the rows are ordered by it now."""
    if sort is None:
        return None, None
    direction = "descending" if listing.order.is_descending else "ascending"
    return listing.sorted_by(sort), direction if listing.order.by == sort else None


def _of_row(row: dict[str, Any], listing: Listing) -> dict[str, Any]:
    """What the page makes of a row: whose it is, and where it is told all about."""
    suffix = "_now" if "csm_name_now" in row else ""
    owner = row[f"csm_name{suffix}"] or row.get(f"csm_email{suffix}")
    return {"owner": owner, "address": listing.filters.account(row["product"], row["uid"])}


def _download(request: Asked, listing: Listing, form: str) -> HttpResponseBase:
    """Every row of every page, as it is shown; who took it out is noted before."""
    if form not in ("csv", "parquet"):
        raise UsageError(f'download: expected csv or parquet, found "{form}"')
    room = listing.room
    table = read_all(request.workspace.settings, room.table, listing.query, listing.wanted, listing.order)
    name = f"{room.name}_{listing.query.at.astimezone(request.workspace.settings.tz):%Y-%m-%d}.{form}"
    note(request.workspace.now(), request.user.email, "downloaded", room.title, request.GET.urlencode())
    if form == "parquet":
        return _parquet(replace(table, batches=each_plainly(table.batches)), name)
    pieces = (piece.encode("utf-8", "replace") for piece in formats.csv_pieces(table))
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _parquet(table: Any, name: str) -> HttpResponse | FileResponse:
    """Its end says where its parts are: it can't be sent before it is whole."""
    with tempfile.TemporaryDirectory(prefix="winback-download-") as folder:
        path = Path(folder) / name
        formats.write_parquet(table, path)
        # The open file outlives its name.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
