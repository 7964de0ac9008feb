"""What the tables show and in which order: all of it stands in the address."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from winback.core.bands import BANDS
from winback.core.moments import parse_length
from winback.errors import UsageError
from winback.pages import Wanted
from winback.store.pages import Order
from winback.tables import Query
from winback.web.actor import seen_at
from winback.web.filters import Filters
from winback.web.rooms import Room

if TYPE_CHECKING:
    from django.http import QueryDict

    from winback.web.middleware import Asked

PAGE = 50
# Of every table, in the order in which they stand in an address; and what only some have.
_OWN = ("q", "gmv", "band", "within", "uncontacted", "lost_within", "kind", "credit", "sort", "up")
# What stays when somebody presses Show; the rest are fields of the form.
_KEPT = ("band", "within", "uncontacted", "lost_within", "sort", "up")
_KINDS = ("win_back", "new_adoption")
_CREDITS = ("csm", "assisted", "self_service")
_LARGEST = Decimal(10) ** 14


@dataclass(frozen=True)
class Listing:
    """What somebody asks of a table: which rows, in which order, which page."""

    room: Room
    filters: Filters
    query: Query
    wanted: Wanted
    order: Order
    page: int
    asked: dict[str, str]

    @classmethod
    def of(cls, room: Room, request: Asked) -> Listing:
        """Raises UsageError for an address that says what is not to be had."""
        workspace, asked = request.workspace, request.GET
        filters = Filters.of(asked, workspace)
        at = filters.at or workspace.now()
        uncontacted = _length(asked, "uncontacted") if room.table == "at_risk" else None
        return cls(
            room,
            filters,
            Query(
                at, filters.product, filters.region, filters.csm, uncontacted_for=uncontacted, seen_at=seen_at(request)
            ),
            _wanted(asked, room),
            _order(asked, room),
            _page(asked),
            {name: value for name in _OWN if (value := asked.get(name))},
        )

    @property
    def kept(self) -> dict[str, str]:
        return {name: value for name, value in self.asked.items() if name in _KEPT}

    @property
    def after(self) -> int:
        return (self.page - 1) * PAGE

    def address(self, **changed: object) -> str:
        """Of the same table with something else asked for; None takes it out. Begins with the `?`."""
        asked: dict[str, Any] = self.asked | changed
        own = urlencode({name: value for name, value in asked.items() if value is not None})
        return "?" + "&".join(part for part in (self.filters.address, own) if part)

    def sorted_by(self, by: str) -> str:
        """A click on a heading: amounts and moments the largest first, words from A on; another click turns it
        round."""
        is_up = self.order.is_descending if self.order.by == by else by in _WORDS
        return self.address(sort=by, up="1" if is_up else None)


_WORDS = ("merchant_name", "csm_name", "region", "kind")


def _wanted(asked: QueryDict, room: Room) -> Wanted:
    return Wanted(
        search=asked.get("q", ""),
        least_gmv=_amount(asked, "gmv"),
        band=_one_of(asked, "band", [name for name, _ in BANDS]),
        within=asked.get("within") == "1",
        kind=_one_of(asked, "kind", _KINDS) if room.has_kind else None,
        credit=_one_of(asked, "credit", _CREDITS) if room.has_credit else None,
        lost_within=_length(asked, "lost_within") if room.table == "at_risk" else None,
    )


def _order(asked: QueryDict, room: Room) -> Order:
    """The largest first, where the address does not say another column of the table."""
    by = asked.get("sort") or ""
    return Order(by, "up" not in asked) if by in room.sorts else Order()


def _page(asked: QueryDict) -> int:
    text = asked.get("page") or "1"
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise UsageError(f'page: expected a number from 1 on, found "{text}"')
    return int(text)


def _one_of(asked: QueryDict, name: str, known: list[str] | tuple[str, ...]) -> str | None:
    value = asked.get(name) or None
    if value is not None and value not in known:
        raise UsageError(f'{name}: expected one of {", ".join(known)}, found "{value}"')
    return value


def _length(asked: QueryDict, name: str) -> dt.timedelta | None:
    text = asked.get(name) or None
    if text is None:
        return None
    try:
        return parse_length(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error


def _amount(asked: QueryDict, name: str) -> Decimal | None:
    text = (asked.get(name) or "").replace(",", "").strip()
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise UsageError(f'{name}: expected an amount such as 10000, found "{text}"')
    return amount
