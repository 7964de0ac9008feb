"""Accounts by a part of their name or UID, however they stand: what somebody types who asks what became of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from winback.core.holdout import is_hidden
from winback.pages import pattern_of, rows_of_cases
from winback.store import finding
from winback.store.database import Row
from winback.store.models import Adoption, Case
from winback.store.pages import Found
from winback.tables import Query
from winback.unchanged import Unchanged, find_unchanged, tells_by_being_there

if TYPE_CHECKING:
    from winback.settings import Settings

MOST_HITS = 50
# Of the cases and new adoptions behind them: more are of a search for one letter.
_MOST_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Hit:
    """An account as it was in its latest episode. `status`: that of its case, or "adopted", "void", "unchanged"."""

    product: str
    uid: str
    merchant_name: str | None
    csm: str | None
    region: str | None
    gmv: Decimal | None
    status: str


def find_accounts(settings: Settings, search: str, at: dt.datetime, seen_at: dt.datetime | None) -> list[Hit]:
    """What is called just so first, then the largest; up to MOST_HITS + 1, so that one sees whether there are more.
    `seen_at`: without what CSMs must not see at that moment (rules.md R6.6)."""
    pattern = pattern_of(search)
    if pattern is None:
        return []
    rows = finding.matching(settings.data_path, pattern, None, _MOST_LOOKED_AT)
    known = _newest(rows, at, seen_at)
    # Where not all are known that have an episode, who has none can't be told.
    are_all_known = len(rows) < _MOST_LOOKED_AT
    products = [each for each in settings.products if seen_at is None or not tells_by_being_there(settings, each)]
    others = [
        each for product in products if are_all_known for each in _unchanged(settings, product, pattern, at, known)
    ]
    wanted = search.strip().casefold()
    ordered = sorted([*known, *others], key=lambda each: _rank(each, wanted))[: MOST_HITS + 1]
    statuses = _statuses(settings, at, [each for each in ordered if not isinstance(each, Unchanged)])
    return [_hit(each, statuses) for each in ordered]


Episode = Case | Adoption
Key = tuple[str, str]


def _newest(rows: Sequence[Row], at: dt.datetime, seen_at: dt.datetime | None) -> list[Episode]:
    """Of each account the episode that tells how it stands: its newest case, where it has one that is not void."""
    cases = Case.objects.filter(pk__in=[number for number, made in rows if made == "case"], churned_at__lte=at)
    adoptions = Adoption.objects.filter(pk__in=[number for number, made in rows if made != "case"], won_at__lte=at)
    seen = [each for each in cases if seen_at is None or not is_hidden(each.arm, each.churned_at, seen_at)]
    void = [each for each in seen if each.voided_at is not None]
    valid = [each for each in seen if each.voided_at is None]
    # Of one account whatever comes later in these tells more.
    ordered = (*_oldest_first(void), *_oldest_first(adoptions), *_oldest_first(valid))
    return list({(each.product, each.uid): each for each in ordered}.values())


def _oldest_first(episodes: Iterable[Episode]) -> list[Episode]:
    return sorted(episodes, key=lambda each: (each.won_at if isinstance(each, Adoption) else each.churned_at, each.pk))


def _unchanged(
    settings: Settings, product: str, pattern: str, at: dt.datetime, known: Iterable[Episode]
) -> list[Unchanged]:
    but = {each.uid for each in known if each.product == product}
    return find_unchanged(settings, product, pattern, at, but, MOST_HITS + 1)


def _rank(each: Episode | Unchanged, wanted: str) -> tuple[bool, Decimal, str]:
    is_meant = wanted in ((each.merchant_name or "").casefold(), each.uid.casefold())
    return not is_meant, -(each.gmv or Decimal(0)), each.uid


def _statuses(settings: Settings, at: dt.datetime, newest: list[Episode]) -> dict[Key, str]:
    found = [Found(each.pk, "case", each.product, each.uid, None) for each in newest if isinstance(each, Case)]
    rows = {row["case_id"]: row for row in rows_of_cases(settings, "cases", Query(at), found)} if found else {}
    statuses = {}
    for each in newest:
        if isinstance(each, Adoption):
            status = "adopted"
        elif each.voided_at is not None:
            status = "void"
        else:
            status = str(rows[each.pk]["status"])
        statuses[each.product, each.uid] = status
    return statuses


def _hit(each: Episode | Unchanged, statuses: dict[Key, str]) -> Hit:
    status = statuses.get((each.product, each.uid), "unchanged")
    csm = each.csm_name or each.csm_email
    return Hit(each.product, each.uid, each.merchant_name, csm, each.region, each.gmv, status)
