"""Some rows of a table, out of millions: found and put in order by what a row costs little to know, then read whole as
the table has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from winback.core.moments import to_micros
from winback.store import database, tables

Values = dict[str, object]
# Table → which rows are found for it, by which statement; "churned" are those of churns that are lost.
_FOUND_BY = {
    "at_risk": ("found_open", {"wants_at_risk": True, "wants_lost": False}),
    "churns": ("found_open", {"wants_at_risk": True, "wants_lost": True}),
    "lost": ("found_open", {"wants_at_risk": False, "wants_lost": True}),
    "wins": ("found_wins", {}),
    "readopted": ("found_readopted", {}),
}
_TABLE = {"lost": "churns"}
# What may be asked for beside what a table's own statement takes; null asks for nothing. See sql/wanted.sql.
WANTED = ("search", "least_gmv", "since", "until", "kind", "credit", "lost_by", "csm_key")
# What rows can be put in order by: nothing that is asked for gets into a statement but as a key of this.
ORDERS = {
    "merchant_name": "lower(coalesce(merchant_name, uid))",
    "csm_name": "lower(coalesce(owner_name, owner_email))",
    "region": "lower(region)",
    "gmv": "gmv",
    "revenue": "revenue",
    "kind": "kind",
    "churned_at": "churned_at",
    "lost_at": "since_at",
    "won_at": "since_at",
    "closed_at": "since_at",
    "turnover_hours": "length",
}
_COLUMNS = "id, made, product, uid, churned_at"
_READ = 2_000


@dataclass(frozen=True)
class Found:
    """A case or a new adoption (`made`); its table has it under product, UID and the moment of the churn."""

    id: int
    made: str
    product: str
    uid: str
    churned_at: int | None


@dataclass(frozen=True)
class Order:
    """`answered_last`: before all else, what nobody has answered yet."""

    by: str = "gmv"
    is_descending: bool = True
    answered_last: bool = False

    @property
    def sql(self) -> str:
        direction = "desc" if self.is_descending else "asc"
        answered = f"{database.statement('is_answered')}, " if self.answered_last else ""
        # Not by the bare id: SQLite would go through an index for it, which takes four times as long.
        return f"{answered}{ORDERS[self.by]} {direction} nulls last, id + 0 {direction}, made"


Some = Sequence[Found] | None


def count(name: str, values: Values, some: Some = None) -> int:
    """`some`: the cases and new adoptions among which all are that may be found; None: any."""
    text = _finding(name, values, "count(*)", some)
    ((many,),) = database.ask(text, _given(name, values, some))
    return int(many)


def find(name: str, values: Values, order: Order, many: int, after: int = 0, some: Some = None) -> list[Found]:
    text = f"{_finding(name, values, _COLUMNS, some)} order by {order.sql} limit %(many)s offset %(after)s"
    asked = _given(name, values, some) | {"many": many, "after": after}
    return [Found(*row) for row in database.ask(text, asked)]


def find_all(name: str, values: Values, order: Order, some: Some = None) -> Iterator[list[Found]]:
    """Some thousands at a time."""
    text = f"{_finding(name, values, _COLUMNS, some)} order by {order.sql}"
    for batch in database.batches_of(text, _given(name, values, some)):
        for start in range(0, len(batch), _READ):
            yield [Found(*row) for row in batch[start : start + _READ]]


def read(name: str, found: Sequence[Found], values: Values) -> list[database.Row]:
    """The rows of a table, whole, in the order in which they were found."""
    table = table_of(name)
    names = [column for column, _ in tables.TABLES[table]]
    keys = [names.index(column) for column in ("product", "uid", "churned_at")]
    rows = {tuple(_key(row[key]) for key in keys): row for row in of_cases(table, found, values)}
    return [row for each in found if (row := rows.get((each.product, each.uid, each.churned_at))) is not None]


def of_cases(table: str, found: Sequence[Found], values: Values) -> list[database.Row]:
    """What a table has of some cases and new adoptions, in its own order."""
    text = database.statement(tables.statement_of(table))
    asked = values | tables.own_values(table) | {"given": _ids(found)}
    return tables.read_rows(table, database.ask(with_first("narrowed", text), asked))


def with_first(name: str, text: str) -> str:
    """A statement with the common tables of `sql/<name>.sql` before its own, which it sees in the place
    of the tables."""
    rest = f",{text.removeprefix('with')}" if text.startswith("with") else f"\n{text}"
    return f"with\n{database.statement(name)}{rest}"


def table_of(name: str) -> str:
    return _TABLE.get(name, name)


def _key(cell: Any) -> Any:
    return to_micros(cell) if hasattr(cell, "tzinfo") else cell


def _ids(found: Sequence[Found]) -> str:
    return database.given((each.id, each.made) for each in found)


def _given(name: str, values: Values, some: Some) -> Values:
    return values | _FOUND_BY[name][1] | ({} if some is None else {"given": _ids(some)})


def _finding(name: str, values: Values, columns: str, some: Some) -> str:
    episodes = database.statement("episodes")
    credit = database.statement("uncredited" if values["credit"] is None else "credit")
    found, wanted = database.statement(_FOUND_BY[name][0]), database.statement("wanted")
    text = f"with\n{episodes},\n{credit}\nselect {columns} from (\n{found}\n) as found where\n{wanted}"
    return text if some is None else with_first("narrowed", text)
