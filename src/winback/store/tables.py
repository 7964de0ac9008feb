"""The tables of interface.md that stand in the database, at any moment: statements in sql/, columns and their kinds
here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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
class Part:
    """Which rows of a table, in which order. `search`: of merchant or UID; `equal`: column → value; `since`: the column
    of the moment that `longer_than` and `at_most` (microseconds) are counted from; `least_gmv`: in ten-thousandths;
    `for_csms`: without what is held out (rules.md R6.6)."""

    sort: str
    is_descending: bool = True
    search: str | None = None
    equal: Mapping[str, str] = field(default_factory=dict)
    since: str | None = None
    longer_than: int | None = None
    at_most: int | None = None
    least_gmv: int | None = None
    for_csms: bool = False


def part_batches(
    name: str, values: dict[str, object], part: Part, limit: int | None = None, offset: int = 0
) -> Iterator[list[database.Row]]:
    """Those rows; all of them without a limit."""
    order = f"{part.sort} {'desc' if part.is_descending else 'asc'} nulls last, product, uid"
    within = "" if limit is None else " limit %(limit)s offset %(offset)s"
    given = _given(name, values, part) | {"limit": limit, "offset": offset}
    for batch in database.batches_of(f"{_from_part(name, part)} order by {order}{within}", given):
        yield readable(name, batch)


def count_part(name: str, values: dict[str, object], part: Part) -> int:
    sql = f"select count(*) from ({_from_part(name, part)}) as counted"  # noqa: S608 (of this file and of sql/)
    ((total,), *_) = next(database.batches_of(sql, _given(name, values, part)))
    return int(total)


def _from_part(name: str, part: Part) -> str:
    """Column names come from TABLES alone, everything else is a parameter."""
    known = {column for column, _ in TABLES[name]}
    if unknown := {part.sort, *part.equal, *filter(None, (part.since,))} - known:
        raise ValueError(f"{name} has no {', '.join(sorted(unknown))}")
    conditions = ["1 = 1", *(f"{column} = %(equal_{column})s" for column in part.equal)]
    if part.search is not None:
        conditions.append(
            "(lower(coalesce(merchant_name, '')) like %(like)s escape '!' or lower(uid) like %(like)s escape '!')"
        )
    if part.longer_than is not None:
        conditions.append(f"%(at)s - {part.since} > %(longer_than)s")
    if part.at_most is not None:
        conditions.append(f"%(at)s - {part.since} <= %(at_most)s")
    if part.least_gmv is not None:
        conditions.append("gmv >= %(least_gmv)s")
    if part.for_csms:
        conditions.append(database.statement("not_held_out"))
    named = ", ".join(column for column, _ in TABLES[name])
    return f"with part ({named}) as ({statement_of(name)}) select * from part where {' and '.join(conditions)}"  # noqa: S608


def _given(name: str, values: dict[str, object], part: Part) -> dict[str, object]:
    escaped = (part.search or "").lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    bounds = {"longer_than": part.longer_than, "at_most": part.at_most, "least_gmv": part.least_gmv}
    equal = {f"equal_{column}": value for column, value in part.equal.items()}
    return {**values, "only_at_risk": name == "at_risk", "like": f"%{escaped}%", **bounds, **equal}


@dataclass(frozen=True)
class Span:
    """So many rows, after so many others."""

    limit: int
    offset: int = 0


def table_batches(
    name: str, values: dict[str, object], for_csms: bool = False, span: Span | None = None
) -> Iterator[list[database.Row]]:
    """Rows of a table, some thousands at a time. `values`: at, product, region, csm, lost_after; see
    sql/episodes.sql. `for_csms`: without what is held out; `span`: only these are read."""
    sql, given = statement_of(name, for_csms), values | {"only_at_risk": name == "at_risk"}
    if span is not None:
        sql, given = f"{sql}\nlimit %(limit)s offset %(offset)s", given | {"limit": span.limit, "offset": span.offset}
    for batch in database.batches_of(sql, given):
        yield readable(name, batch)


def statement_of(name: str, for_csms: bool = False) -> str:
    sql = database.statement(_STATEMENTS.get(name, name))
    names = [column for column, _ in TABLES[name]]
    if not for_csms or "churned_at" not in names:
        return sql
    rows, _, order = sql.rpartition("\norder by ")
    shown = database.statement("not_held_out")
    return f"with part ({', '.join(names)}) as (\n{rows}\n)\nselect * from part where\n{shown}\norder by {order}"


def readable(name: str, rows: list[database.Row]) -> list[database.Row]:
    """As the database has them → moments, amounts, hours."""
    readers = [_READERS[kind] for _, kind in TABLES[name]]
    return [
        tuple(None if cell is None else read(cell) for cell, read in zip(row, readers, strict=True)) for row in rows
    ]
