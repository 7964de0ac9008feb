"""An operation for each address."""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field, WithJsonSchema

from winback import formats
from winback.core.moments import format_moment
from winback.errors import UsageError
from winback.store.tables import Span
from winback.tables import NAMES
from winback.web.actor import seen_at
from winback.web.api.answering import Document, answered, next_address
from winback.web.api.asking import AtMoment, OfAccount, OfKpis, OfPulls, OfTable, moment, refuse_many_months
from winback.web.middleware import Asked

router = Router()


# Another is no slip in the form of a question, but something that is not there.
Name = Annotated[str, WithJsonSchema({"type": "string", "enum": list(NAMES)})]


class Missing(Exception):
    """There is no such thing; its text says what there is."""


class Error(Schema):
    error: str = Field(description="What was expected, what was found, what to do: one line for a person.")


class Rows(Schema):
    table: str
    at: str = Field(description="The moment the rows are of.")
    rows: list[dict[str, Any]] = Field(description="Keys and order as `winback show TABLE --format json` has them.")
    next: str | None = Field(description="The address of the rows after these; null at the end.")


class Account(Schema):
    product: str
    uid: str
    history: dict[str, Any] | None = Field(description="Its row of the table history; null where it is not kept.")
    cases: list[dict[str, Any]]
    wins: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    notifications: list[dict[str, Any]]
    feedback: list[dict[str, Any]]
    activities: list[dict[str, Any]]


_REFUSALS = {status: Error for status in (401, 403, 404, 422, 503)}
_ROWS = {200: Rows, 304: None, **_REFUSALS}
_DOCUMENT = {200: dict[str, Any], 304: None, **_REFUSALS}


@router.get(
    "/tables/{name}", operation_id="table", response=_ROWS, summary="A table", description=f"One of {', '.join(NAMES)}."
)
def table(request: HttpRequest, name: Name, asked: Query[OfTable]) -> HttpResponse:
    if name not in NAMES:
        raise Missing(f'there is no table "{name}"; there are: {", ".join(NAMES)}')
    return _rows(request, name, asked, asked.asked())


@router.get(
    "/pulls",
    operation_id="pulls",
    response=_ROWS,
    summary="The log of pulls",
    description="Held ones first, then the newest.",
)
def pulls(request: HttpRequest, asked: Query[OfPulls]) -> HttpResponse:
    return _rows(request, "pulls", asked, {"product": asked.product, "at": asked.at})


def _rows(request: HttpRequest, name: str, asked: OfTable | OfPulls, filters: dict[str, Any]) -> HttpResponse:
    by = cast("Asked", request)

    def read() -> Document:
        at = moment(by.workspace, filters["at"], filters["product"]) or by.workspace.now()
        # One more tells whether there are any after these.
        span = Span(asked.limit + 1, asked.offset)
        found = by.workspace.read(name, **{**filters, "at": at}, seen_at=seen_at(by), span=span)
        rows = [
            dict(zip(found.names, map(formats.plain, row), strict=True)) for batch in found.batches for row in batch
        ]
        following = next_address(by, at=format_moment(at), offset=asked.offset + asked.limit, limit=asked.limit)
        is_more = len(rows) > asked.limit
        shown = rows[: asked.limit]
        return {"table": name, "at": format_moment(at), "rows": shown, "next": following if is_more else None}

    return answered(by, type(asked), read, asked.at is None)


@router.get("/kpis", operation_id="kpis", response=_DOCUMENT, summary="The KPIs at a moment, or of a period")
def kpis(request: HttpRequest, asked: Query[OfKpis]) -> HttpResponse:
    """As `winback kpis --format json`: at `at`, else of the period `from` … `to`, which `by=month` cuts into months."""
    by, filters = cast("Asked", request), super(OfKpis, asked).asked()
    at = filters.pop("at")
    is_period = asked.by is not None or asked.begun is not None
    if is_period and at is not None:
        raise UsageError("at is for the KPIs at a moment, from and to for those of a period: leave one of them out")
    if asked.ended is not None and not is_period:
        raise UsageError("from is missing: a period has a beginning")

    def read() -> Document:
        workspace, seen = by.workspace, seen_at(by)
        begun, ended = (moment(workspace, each, asked.product) for each in (asked.begun, asked.ended))
        if asked.by is not None:
            refuse_many_months(begun, ended or workspace.now())
            return workspace.months(begun, ended, **filters, seen_at=seen)
        if begun is not None:
            return workspace.flows(begun, ended or workspace.now(), **filters, seen_at=seen)
        return workspace.kpis(at=moment(workspace, at, asked.product), **filters, seen_at=seen)

    # What a CSM says of a period's win-backs later counts for it, so that it is as of now, too.
    return answered(by, OfKpis, read, is_of_now=at is None)


@router.get("/impact", operation_id="impact", response=_DOCUMENT, summary="What the programme achieved")
def impact(request: HttpRequest, asked: Query[AtMoment]) -> HttpResponse:
    """As `winback impact --format json`."""
    by = cast("Asked", request)

    def read() -> Document:
        at = moment(by.workspace, asked.at, asked.product)
        return by.workspace.impact(**{**asked.asked(), "at": at}, seen_at=seen_at(by))

    return answered(by, AtMoment, read, asked.at is None)


@router.get(
    "/accounts/{product}/{path:uid}",
    operation_id="account",
    response={200: Account, 304: None, **_REFUSALS},
    summary="All there is of one account",
)
def account(
    request: HttpRequest, product: str, uid: Annotated[str, Path(min_length=1)], asked: Query[OfAccount]
) -> HttpResponse:
    by = cast("Asked", request)

    def read() -> Document:
        products = by.workspace.settings.products
        if product not in products:
            raise Missing(f'there is no product "{product}"; there are: {", ".join(products)}')
        at = moment(by.workspace, asked.at, product)
        found = by.workspace.account(product, uid, at=at, seen_at=seen_at(by))
        if found is None:
            raise Missing(f'no report of {product} up to then has had an account "{uid}"')
        return found

    return answered(by, OfAccount, read, asked.at is None)
