"""What there is about one account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from winback.core.holdout import WATCHED
from winback.store import database, pages, tables
from winback.store.models import Adoption, Case
from winback.store.pages import Found, Values


def cases_of(product: str, uid: str, at: dt.datetime) -> list[Case]:
    """Newest first."""
    found = Case.objects.filter(product=product, uid=uid, churned_at__lte=at)
    return list(found.order_by("-churned_at", "-pk"))


def adoptions_of(product: str, uid: str, at: dt.datetime) -> list[Adoption]:
    found = Adoption.objects.filter(product=product, uid=uid, won_at__lte=at)
    return list(found.order_by("-won_at", "-pk"))


def hidden_uids(product: str, seen_at: dt.datetime) -> list[str]:
    """Accounts with a case of which CSMs must not hear yet (rules.md R6.6)."""
    held_out = Case.objects.filter(product=product, arm="held_out", churned_at__gt=seen_at - WATCHED)
    return sorted(set(held_out.values_list("uid", flat=True)))


def rows_of(table: str, found: Sequence[Found], values: Values) -> list[database.Row]:
    """What a table has of the account; `values`: those of a table, product and uid."""
    text = pages.with_first("of_account", database.statement(tables.statement_of(table)))
    return tables.read_rows(table, database.ask(text, values | _given(found)))


def timeline(found: Sequence[Found], values: Values) -> list[database.Row]:
    return database.ask(pages.with_first("narrowed", database.statement("timeline")), values | _given(found))


def _given(found: Sequence[Found]) -> Values:
    return {"given": database.given((each.id, each.made) for each in found)}
