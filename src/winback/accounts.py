"""One account: its row of the history, and what each table has of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from winback import formats
from winback.errors import NotKept
from winback.store import account as stored
from winback.store.tables import TABLES
from winback.tables import Query, read_table, values_of

if TYPE_CHECKING:
    from winback.settings import Settings

Document = dict[str, Any]


def read_account(settings: Settings, query: Query) -> Document | None:
    """Of the product and uid of the query; None for an account that nothing is known of. `history` is null where that
    moment's is not kept any more."""
    history = _history(settings, query)
    values = values_of(settings, query) | {"uid": query.uid}
    found = {name: _documents(name, stored.rows_of(name, values, query.for_csms)) for name in stored.TABLES}
    if history is None and not any(found.values()):
        return None
    return {"product": query.product, "uid": query.uid, "history": history, **found}


def _history(settings: Settings, query: Query) -> Document | None:
    with suppress(NotKept):
        table = read_table(settings, "history", query)
        for row in (row for batch in table.batches for row in batch):
            return dict(zip(table.names, map(formats.plain, row), strict=True))
    return None


def _documents(name: str, rows: list[tuple[Any, ...]]) -> list[Document]:
    names = [column for column, _ in TABLES[name]]
    return [dict(zip(names, map(formats.plain, row), strict=True)) for row in rows]
