"""What may be asked with. A name that is none of these is refused: a filter with a slip in it would else give all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from winback.core.moments import parse_length
from winback.errors import UsageError

if TYPE_CHECKING:
    from winback.workspace import Workspace

MOST = 1_000
# Of the rows that are passed over: what no table will ever have, and every database can count to.
_LAST = 2**53
_ID = 2**63 - 1
_YEARS = range(1970, 2200)
_MANY_MONTHS = dt.timedelta(days=3_660)


Length = Annotated[str, Field(pattern="^[0-9]{1,5}[hd]$", examples=["48h", "3d"])]
At = Annotated[
    str,
    Field(
        description="The moment, ISO 8601; a bare date is that day at the product's `at_time`.", examples=["2026-11-03"]
    ),
]


# What is expected of each that is not any text.
EXPECTED = {
    "limit": f"a number from 1 to {MOST}",
    "offset": "a number from 0 on, as next has it",
    "pull": "the number of a pull, as the table pulls has it",
    "uncontacted_for": "hours or days such as 48h or 3d",
    "by": "month",
}


class Filters(Schema):
    product: str | None = Field(None, description="Only this product.")
    region: str | None = Field(None, description="Only this region; empty for accounts without one.")
    csm: str | None = Field(
        None, description="Only this CSM's accounts, by name or e-mail; empty for those without one."
    )

    def asked(self) -> dict[str, Any]:
        return {"product": self.product, "region": self.region, "csm": self.csm}


class AtMoment(Filters):
    at: At | None = Field(None, description="The moment; now without it.")

    def asked(self) -> dict[str, Any]:
        return {**super().asked(), "at": self.at}


class Part(Schema):
    limit: int = Field(100, ge=1, le=MOST, description="At most so many rows.")
    offset: int = Field(0, ge=0, le=_LAST, description="After so many others; `next` has it.")


class OfTable(AtMoment, Part):
    pull: int | None = Field(None, ge=1, le=_ID, description="For the tables report and rejected: of this pull.")
    uncontacted_for: Length | None = Field(
        None, description="For the table at_risk: at risk for at least so long, and nobody has contacted them."
    )

    def asked(self) -> dict[str, Any]:
        return {
            **super().asked(),
            "pull": self.pull,
            "uncontacted_for": self.uncontacted_for and parse_length(self.uncontacted_for),
        }


class OfPulls(Part):
    product: str | None = Field(None, description="Only this product.")
    at: At | None = Field(None, description="Up to this moment; now without it.")


class OfKpis(AtMoment):
    begun: At | None = Field(None, alias="from", description="Of a period: its beginning.")
    ended: At | None = Field(None, alias="to", description="Of a period: its end, not part of it; now without it.")
    by: Literal["month"] | None = Field(None, description="Month by month.")


class OfAccount(Schema):
    at: At | None = Field(None, description="The moment; now without it.")


def moment(workspace: Workspace, at: str | None, product: str | None = None) -> dt.datetime | None:
    """Within the years that clocks are known of: a table of them is made up to the moment."""
    found = workspace.moment(at, product)
    if found is not None and found.year not in _YEARS:
        raise UsageError(f"expected a moment of the years {_YEARS[0]} to {_YEARS[-1]}, found {at}")
    return found


def refuse_many_months(begun: dt.datetime | None, ended: dt.datetime) -> None:
    """Each is counted for itself."""
    if begun is not None and ended - begun > _MANY_MONTHS:
        raise UsageError("by=month: at most ten years at once: choose a later from, or an earlier to")


def refuse_unknown(request: HttpRequest, kind: type[Schema]) -> None:
    known = [field.alias or name for name, field in kind.model_fields.items()]
    for name in request.GET:
        if name not in known:
            raise UsageError(f"{name}: not known here; known are {', '.join(known)}")
