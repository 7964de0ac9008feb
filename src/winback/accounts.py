"""Everything about one account: how it stands, its cases, and what happened, across all reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winback.core.holdout import is_hidden
from winback.core.moments import from_micros
from winback.pages import rows_of_cases
from winback.store import accounts as stored
from winback.store.pages import Found
from winback.tables import Query, values_of

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import Adoption, Case

MOST_EVENTS = 300
Row = dict[str, Any]


@dataclass(frozen=True)
class Account:
    """`newest`: the values of its latest episode, which is `case` where it is one. `standing`: of an open case, its row
    of the table churns; `cases`: rows of the table cases, newest first; `events`: see sql/timeline.sql."""

    product: str
    uid: str
    newest: Case | Adoption
    case: Case | None
    status: str
    standing: Row
    cases: list[Row]
    events: list[Row]

    @property
    def merchant(self) -> str:
        return self.newest.merchant_name or self.uid


def read_account(
    settings: Settings, product: str, uid: str, at: dt.datetime, seen_at: dt.datetime | None
) -> Account | None:
    """None for an account that never had an episode by then. `seen_at`: without what CSMs must not see at that moment
    (rules.md R6.6)."""
    cases = [
        case
        for case in stored.cases_of(product, uid, at)
        if seen_at is None or not is_hidden(case.arm, case.churned_at, seen_at)
    ]
    adoptions = stored.adoptions_of(product, uid, at)
    if not cases and not adoptions:
        return None
    found = [Found(each.pk, "case", product, uid, None) for each in cases]
    found += [Found(each.pk, "adoption", product, uid, None) for each in adoptions]
    query = Query(at, product)
    of_cases = rows_of_cases(settings, "cases", query, found)[::-1]
    latest = next((each for each in cases if each.voided_at is None), None)
    open_row = next(iter(rows_of_cases(settings, "churns", query, found)), {})
    return Account(
        product,
        uid,
        latest or (adoptions or cases)[0],
        latest,
        _status(of_cases, latest, bool(adoptions)),
        open_row,
        of_cases,
        _events(settings, query, uid, found),
    )


def _status(rows: list[Row], latest: Case | None, is_adopted: bool) -> str:
    """As the tables have it, or adopted, or void where nothing else is left."""
    if latest is None:
        return "adopted" if is_adopted else "void"
    return next(str(row["status"]) for row in rows if row["case_id"] == latest.pk)


def _events(settings: Settings, query: Query, uid: str, found: list[Found]) -> list[Row]:
    values = values_of(settings, query) | {"uid": uid, "many": MOST_EVENTS}
    return [
        {
            "at": from_micros(moment),
            "what": what,
            "who": who,
            "word": word,
            "reason": reason,
            "note": note,
            "until": None if until is None else from_micros(until),
        }
        for moment, what, who, word, reason, note, until in stored.timeline(found, values)
    ]
