"""The tables of interface.md that stand in the database, at any moment: statements in sql/, columns and their kinds
here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from winback.core.moments import from_micros
from winback.core.money import from_units
from winback.store import database

# Kinds: text, money (Decimal), moment (aware datetime), hours (float, two places), count (int), flag (bool).
Columns = tuple[tuple[str, str], ...]


def columns(text: str) -> Columns:
    """`name:kind` words; text where there is no kind."""
    return tuple((name, kind or "text") for name, _, kind in (word.partition(":") for word in text.split()))


_ACCOUNT = "product uid merchant_name csm_name csm_email region gmv:money revenue:money"
_CREDITED = " credit_csm_name credit_csm_email"
_OPEN = columns(
    f"{_ACCOUNT} churned_at:moment status lost_at:moment hours_since_churn:hours last_stage claim snoozed_until:moment"
    " csm_name_now csm_email_now gmv_now:money revenue_now:money engaged_at:moment hours_to_engage:hours"
)
TABLES: dict[str, Columns] = {
    "churns": _OPEN,
    "at_risk": _OPEN,
    "wins": columns(f"{_ACCOUNT} kind won_at:moment churned_at:moment turnover_hours:hours credit{_CREDITED}"),
    "readopted": columns(
        "product uid merchant_name csm_name region gmv:money revenue:money churned_at:moment closed_at:moment"
        f" turnover_hours:hours credit{_CREDITED}"
    ),
    "cases": columns(
        "product uid case_id:count merchant_name csm_name csm_email region gmv:money revenue:money churned_at:moment"
        " readopted_at:moment"
        " lost_at:moment status credit engaged_at:moment hours_to_engage:hours baseline:flag silent:flag"
        " holdout:flag voided_at:moment"
        f" csm_name_now csm_email_now{_CREDITED} working_hours_to_engage:hours first_message_at:moment"
        " hours_from_message:hours working_hours_from_message:hours"
    ),
    "notifications": columns(
        "product uid case_id:count stage csm_name channel recipient message_id status planned_at:moment"
        " sent_at:moment error"
    ),
    "pulls": columns(
        "pull_id:count product at:moment status reason rows:count accepted:count rejected:count churned:count"
        " won:count missing:count"
        " source read_at:moment decided_by"
    ),
    "claims": columns(
        "product uid case_id:count merchant_name csm_name outcome reason note claimed_at:moment recorded_at:moment"
        " source verdict"
    ),
    "feedback": columns("product uid case_id:count stage csm_name useful:flag answered_at:moment"),
    "activities": columns("source external_id product uid csm_name kind occurred_at:moment logged_at:moment"),
}
_STATEMENTS = {"churns": "open_episodes", "at_risk": "open_episodes"}

_HOUR = 3_600_000_000
_READERS: dict[str, Callable[[Any], object]] = {
    "text": lambda value: value,
    "count": lambda value: value,
    "money": from_units,
    "moment": from_micros,
    "hours": lambda micros: round(micros / _HOUR, 2),
    "flag": bool,
}


@dataclass(frozen=True)
class Span:
    """So many rows, after so many others."""

    limit: int
    offset: int = 0


def table_batches(name: str, values: dict[str, object], span: Span | None = None) -> Iterator[list[database.Row]]:
    """Rows of a table, some thousands at a time. `values`: at, product, region, csm, lost_after; see
    sql/episodes.sql; seen: null, or CSMs ask, see sql/not_held_out.sql. `span`: only these are read."""
    text, given = database.statement(statement_of(name)), values | own_values(name)
    if values["seen"] is not None:
        text = _for_csms(name, text)
    if span is not None:
        text, given = f"{text}\nlimit %(limit)s offset %(offset)s", given | {"limit": span.limit, "offset": span.offset}
    for batch in database.batches_of(text, given):
        yield read_rows(name, batch)


def _for_csms(name: str, text: str) -> str:
    """The statement of a table without what CSMs must not see (rules.md R6.6)."""
    names = [column for column, _ in TABLES[name]]
    rows, _, order = text.rpartition("\norder by ")
    if "churned_at" in names:
        shown = database.statement("not_held_out")
        return f"with part ({', '.join(names)}) as (\n{rows}\n)\nselect * from part where\n{shown}\norder by {order}"
    if "case_id" in names:
        return f"{rows}\nand\n{database.statement('not_of_held_out')}\norder by {order}"
    return text


def statement_of(name: str) -> str:
    return _STATEMENTS.get(name, name)


def own_values(name: str) -> dict[str, object]:
    """What tells tables of one statement apart."""
    return {"only_at_risk": name == "at_risk"}


def read_rows(name: str, rows: list[database.Row]) -> list[database.Row]:
    """As the database has them, made into what the columns' kinds say."""
    readers = [_READERS[kind] for _, kind in TABLES[name]]
    return [
        tuple(None if cell is None else read(cell) for cell, read in zip(row, readers, strict=True)) for row in rows
    ]
