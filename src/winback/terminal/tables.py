"""Tables for people."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from winback.core.money import format_money
from winback.core.texts import shown

if TYPE_CHECKING:
    from winback.tables import Table

# What a column of our tables repeats as a rule: the name beside an e-mail, the frozen value beside today's.
_BESIDE = {
    "csm_email": "csm_name",
    "csm_email_now": "csm_name_now",
    "csm_name_now": "csm_name",
    "gmv_now": "gmv",
    "revenue_now": "revenue",
    "credit_csm_name": "csm_name",
    "credit_csm_email": "credit_csm_name",
}
_RIGHT = ("money", "hours", "count")
# Wider than any terminal: a row stays a line, and whoever wants less takes a format or fewer columns.
_WIDE = 10_000


def print_table(table: Table, limit: int | None) -> None:
    """Columns that say nothing are left out, and named; so are rows past the limit."""
    rows: list[tuple[Any, ...]] = []
    total = 0
    for batch in table.batches:
        total += len(batch)
        rows += batch if limit is None else batch[: max(0, limit - len(rows))]
    shown_places = [place for place in range(len(table.columns)) if _says_something(place, table.names, rows)]
    if rows:
        console().print(_grid(table, rows, shown_places))
    hidden = [name for place, name in enumerate(table.names) if place not in shown_places]
    notes = (
        [plural(total, "row")]
        if len(rows) == total
        else [f"{len(rows):,} of {total:,} rows; --limit N or -o FILE gives more"]
    )
    if rows and hidden:
        notes.append(f"not shown, since empty or the same: {', '.join(hidden)}")
    print("; ".join(notes), file=sys.stderr)  # noqa: T201


def _says_something(place: int, names: list[str], rows: list[tuple[Any, ...]]) -> bool:
    """Not where every cell is empty; nor what stands beside it anyway: today's value that is the frozen one, the CSM
    who is credited with their own account, and the e-mail of a CSM who is named."""
    beside = _BESIDE.get(names[place])
    if beside is None or beside not in names:
        return any(row[place] is not None for row in rows)
    other = names.index(beside)
    if names[place].endswith(("csm_email", "csm_email_now")):
        return any(row[place] is not None and row[other] is None for row in rows)
    if names[place] == "credit_csm_name":
        return any(row[place] not in (None, row[other]) for row in rows)
    return any(row[place] != row[other] for row in rows)


class _Printer(Console):
    def on_broken_pipe(self) -> None:
        """Leaves it to the command line, as for every other output."""
        raise BrokenPipeError


def console() -> Console:
    return _Printer(width=_WIDE, soft_wrap=True, highlight=False)


def _grid(table: Table, rows: list[tuple[Any, ...]], places: list[int]) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for place in places:
        name, kind = table.columns[place]
        grid.add_column(name, justify="right" if kind in _RIGHT else "left", no_wrap=True)
    for row in rows:
        grid.add_row(*(Text(cell_text(row[place], table.names[place])) for place in places))
    return grid


def cell_text(cell: Any, name: str) -> str:
    if cell is None:
        return ""
    if name.endswith("_id"):
        return shown(str(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return grouped(format_money(cell))
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}Z"
    if isinstance(cell, int):
        return f"{cell:,}" if abs(cell) >= 10_000 else str(cell)
    return shown(str(cell))


def plural(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"


def grouped(money: str) -> str:
    """`1234.50` → `1,234.50`"""
    whole, _, fraction = money.partition(".")
    return f"{int(whole):,}.{fraction}" if whole not in ("-0", "") else money
