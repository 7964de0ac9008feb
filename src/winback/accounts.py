"""Everything about one account: how it stands, its cases, what happened, across all reports; and what each table has of
it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winback import formats
from winback.core.holdout import is_hidden
from winback.core.moments import from_micros
from winback.errors import NotKept
from winback.pages import rows_of_cases
from winback.store import accounts as stored
from winback.store import tables
from winback.store.pages import Found
from winback.tables import Query, read_table, values_of

if TYPE_CHECKING:
    from winback.settings import Settings
    from winback.store.models import Adoption, Case

MOST_EVENTS = 300
# Those that have an account's rows, beside its row of the history.
OF_ACCOUNT = ("cases", "wins", "claims", "notifications", "feedback", "activities")
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
    query = Query(at, product, uid=uid, seen_at=seen_at)
    cases, adoptions = _episodes(query)
    if not cases and not adoptions:
        return None
    found = _found(cases, adoptions)
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
        _events(settings, query, found),
    )


def read_rows(settings: Settings, query: Query) -> Row | None:
    """Table → what it has of the account of the query's product and uid, as JSON has it; None for an account that
    nothing is known of. `history` is null where that moment's is not kept, or is not to be seen yet."""
    history, found = _history(settings, query), _found(*_episodes(query))
    values = values_of(settings, query) | {"uid": query.uid}
    rows = {name: _plain(tables.TABLES[name], stored.rows_of(name, found, values)) for name in OF_ACCOUNT}
    if history is None and not any(rows.values()):
        return None
    return {"product": query.product, "uid": query.uid, "history": history, **rows}


def _history(settings: Settings, query: Query) -> Row | None:
    with suppress(NotKept):
        table = read_table(settings, "history", query)
        return next((row for batch in table.batches for row in _plain(table.columns, batch)), None)
    return None


def _plain(columns: tables.Columns, rows: list[tuple[Any, ...]]) -> list[Row]:
    return [dict(zip((name for name, _ in columns), map(formats.plain, row), strict=True)) for row in rows]


def _episodes(query: Query) -> tuple[list[Case], list[Adoption]]:
    """Newest first, without what is not to be seen."""
    product, uid, seen_at = query.product or "", query.uid or "", query.seen_at
    cases = [
        case
        for case in stored.cases_of(product, uid, query.at)
        if seen_at is None or not is_hidden(case.arm, case.churned_at, seen_at)
    ]
    return cases, stored.adoptions_of(product, uid, query.at)


def _found(cases: list[Case], adoptions: list[Adoption]) -> list[Found]:
    found = [Found(each.pk, "case", each.product, each.uid, None) for each in cases]
    return found + [Found(each.pk, "adoption", each.product, each.uid, None) for each in adoptions]


def _status(rows: list[Row], latest: Case | None, is_adopted: bool) -> str:
    """As the tables have it, or adopted, or void where nothing else is left."""
    if latest is None:
        return "adopted" if is_adopted else "void"
    return next(str(row["status"]) for row in rows if row["case_id"] == latest.pk)


def _events(settings: Settings, query: Query, found: list[Found]) -> list[Row]:
    values = values_of(settings, query) | {"uid": query.uid, "many": MOST_EVENTS}
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
