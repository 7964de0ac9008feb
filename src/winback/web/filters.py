"""Which figures are meant. Everything stands in the address, so that a link shows the same to everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from winback.core.moments import format_moment

if TYPE_CHECKING:
    from django.http import QueryDict

    from winback.workspace import Workspace

# What stays when people go from page to page.
SHARED = ("product", "region", "csm", "at")
# An account without a region, or without a CSM, in an address: an empty value there means none is chosen.
NONE = "(none)"


@dataclass(frozen=True)
class Filters:
    """`at`: None for now, which goes on. `region` and `csm` "" mean accounts that have none."""

    product: str | None
    region: str | None
    csm: str | None
    at: dt.datetime | None

    @classmethod
    def of(cls, asked: QueryDict, workspace: Workspace) -> Filters:
        """Raises UsageError for a moment that is none, or a product that there is not."""
        product = asked.get("product") or None
        if product is not None:
            workspace.product(product)
        return cls(product, _chosen(asked, "region"), _chosen(asked, "csm"), workspace.moment(asked.get("at") or None))

    @property
    def query(self) -> dict[str, Any]:
        """As the methods of a workspace take them."""
        return {"product": self.product, "region": self.region, "csm": self.csm, "at": self.at}

    @property
    def address(self) -> str:
        """For links; without the `?`."""
        at = None if self.at is None else format_moment(self.at)
        kept = {"product": self.product, "region": _written(self.region), "csm": _written(self.csm), "at": at}
        return urlencode({name: value for name, value in kept.items() if value})

    def account(self, product: str, uid: str) -> str:
        """The address of an account, at the same moment. A UID may be any text, hence no part of a path."""
        at = None if self.at is None else format_moment(self.at)
        asked = {"uid": uid} | ({"at": at} if at else {})
        return f"{reverse('account', args=[product])}?{urlencode(asked)}"


NOW_ALL = Filters(None, None, None, None)


def _chosen(asked: QueryDict, name: str) -> str | None:
    value = asked.get(name) or None
    return "" if value == NONE else value


def _written(value: str | None) -> str | None:
    return NONE if value == "" else value
