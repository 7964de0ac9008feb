"""What there is about one account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from winback.store import database, pages
from winback.store.models import Adoption, Case
from winback.store.pages import Found, Values


def cases_of(product: str, uid: str, at: dt.datetime) -> list[Case]:
    """Newest first."""
    found = Case.objects.filter(product=product, uid=uid, churned_at__lte=at)
    return list(found.order_by("-churned_at", "-pk"))


def adoptions_of(product: str, uid: str, at: dt.datetime) -> list[Adoption]:
    found = Adoption.objects.filter(product=product, uid=uid, won_at__lte=at)
    return list(found.order_by("-won_at", "-pk"))


def timeline(found: Sequence[Found], values: Values) -> list[database.Row]:
    given = database.given((each.id, each.made) for each in found)
    return database.ask(pages.narrowed(database.statement("timeline")), values | {"given": given})
