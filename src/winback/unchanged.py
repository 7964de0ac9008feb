"""Accounts of the reports that never had an episode: no churn, no new adoption. Only the history knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from winback import kept
from winback.core.moments import from_micros
from winback.errors import WinbackError
from winback.report import history
from winback.report.engine.duckdb import DuckDB
from winback.report.statements import Sql, statement

if TYPE_CHECKING:
    from winback.settings import Settings


@dataclass(frozen=True)
class Unchanged:
    """An account as the last report that had it shows it. `is_enabled`: None where no flag was readable yet."""

    product: str
    last_seen_at: dt.datetime
    uid: str
    merchant_name: str | None
    csm_name: str | None
    csm_email: str | None
    region: str | None
    gmv: Decimal | None
    revenue: Decimal | None
    is_enabled: bool | None


def tells_by_being_there(settings: Settings, product: str) -> bool:
    """A report that lists accounts because they are off: that the history has one tells what a CSM must not hear of
    one that is held out (rules.md R6.6)."""
    return product in settings.products and settings.products[product].mode == "presence"


def read_unchanged(settings: Settings, product: str, uid: str, at: dt.datetime) -> Unchanged | None:
    """What the history as of a moment has of an account; None where it has nothing, or is not kept any more."""
    return next(iter(_of_history(settings, product, at, {"uid": uid}, 1)), None)


def find_unchanged(
    settings: Settings, product: str, pattern: str, at: dt.datetime, but: Collection[str], many: int
) -> list[Unchanged]:
    """The largest accounts whose UID or name is like a pattern (pages.pattern_of), but for those of some UIDs."""
    return _of_history(settings, product, at, {"pattern": pattern, "but": ("", *but)}, many)


def _of_history(
    settings: Settings, product: str, at: dt.datetime, asked: dict[str, object], many: int
) -> list[Unchanged]:
    try:
        found = kept.history_of(settings, kept.last_applied(product, at))
    except WinbackError:
        # Older than histories are kept.
        return []
    if found is None:
        return []
    values = {"uid": None, "pattern": None, "but": ("",)} | asked
    lowered = {f"lower_{name}": Sql(statement("lowered", cell=Sql(name))) for name in ("uid", "merchant_name")}
    text = statement("of_history", history=Sql(history.query_of(found)), many=many, **values, **lowered)
    with DuckDB([settings.data_path], memory=settings.workspace.engine_memory) as engine:
        return [Unchanged(product, from_micros(seen), *others) for seen, *others in engine.fetch(text)]
