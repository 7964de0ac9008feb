"""What `init --from` understood of a report, for the person who has to judge it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table as Grid
from rich.text import Text

from winback.core.moments import from_micros
from winback.core.texts import listed, quoted, shown
from winback.discovery.fill_in import about
from winback.discovery.understand import SHOWN
from winback.terminal.tables import cell_text, console, plural

if TYPE_CHECKING:
    from winback.discovery.understand import Tried, Understanding
    from winback.report.engine import Row

_LONGEST_CELL = 32
_MONEY = ("gmv", "revenue")


def print_understanding(understanding: Understanding) -> None:
    """Columns, the five rows as understood, counts, what the guard would say, and what to look at."""
    out = console()
    for line in _about_report(understanding):
        out.print(Text(line))
    out.print()
    out.print(_columns(understanding))
    out.print()
    if understanding.tried:
        _print_tried(understanding.tried, understanding.product.mode)
    if understanding.doubts:
        out.print(Text("To look at:"))
        for doubt in understanding.doubts:
            out.print(Text(f"  - {shown(doubt)}"))
        out.print()


def next_steps(understanding: Understanding, folder: str) -> list[str]:
    steps = [
        ("winback doctor", "checks settings, report and database"),
        ("winback pull --dry-run", "reads the report and changes nothing"),
        ("winback pull", "makes the history; from the next report on, churns and wins show"),
    ]
    if not understanding.tried:
        steps.insert(0, ("winback.toml", "fill in what says FILL IN"))
    if Path(folder) != Path("."):
        steps.insert(0, (f"cd {shlex.quote(folder)}", ""))
    return [f"  {command:<24}{does}".rstrip() for command, does in steps]


def _about_report(understanding: Understanding) -> list[str]:
    product = understanding.product
    lines = [
        f"{shown(understanding.report.name)}: {understanding.form}; {plural(len(understanding.columns), 'column')}"
    ]
    said = {
        "flag": "a row for every account, with a column that says whether it is enabled",
        "presence": "only the accounts that are off are listed",
    }
    lines.append(f"product {product.name}, mode {product.mode}: {said[product.mode]}")
    if {"gmv", "revenue"} & understanding.guess.columns.keys():
        example = "1,234.50" if product.decimal == "." else "1.234,50"
        lines.append(f'decimal sign "{product.decimal}", as in {example}')
    return lines


def _columns(understanding: Understanding) -> Grid:
    grid = Grid(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    found = understanding.guess.columns
    for ours in understanding.product.columns.__struct_fields__:
        if ours in found:
            grid.add_row(Text(f"  {ours}"), Text(quoted(found[ours].column.name)), Text(about(found[ours])))
    taken = {each.column.place for each in found.values()}
    others = [
        column.name or f"column_{column.place + 1}" for column in understanding.columns if column.place not in taken
    ]
    if missing := [ours for ours in understanding.product.columns.__struct_fields__ if ours not in found]:
        grid.add_row(Text("  not found"), Text(""), Text(", ".join(missing)))
    if others:
        grid.add_row(Text("  kept as they are"), Text(""), Text(listed(others)))
    return grid


def _print_tried(tried: Tried, mode: str) -> None:
    out = console()
    out.print(Text("The first accounts, as understood:"))
    out.print(_sample(tried.sample))
    out.print()
    checked = tried.checked
    parts = [plural(checked.rows, "row"), plural(checked.accepted, "account") + " accepted"]
    if mode == "flag":
        parts[-1] += f" ({tried.enabled:,} enabled, {checked.accepted - tried.enabled:,} not)"
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in tried.rejected.items())
    parts.append(plural(checked.rejected, "row") + " rejected" + (f" ({reasons})" if reasons else ""))
    if checked.unreadable_amounts:
        parts.append(plural(checked.unreadable_amounts, "amount") + " not readable")
    out.print(Text(", ".join(parts)))
    if tried.findings:
        out.print(Text(f"the guard would hold it: {'; '.join(tried.findings)}"))
    else:
        out.print(Text("the guard would let it pass: the first pull makes the history, and opens no case for anybody"))
    out.print()


def _sample(rows: list[Row]) -> Grid:
    """Empty columns are left out."""
    grid = Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    places = [place for place in range(len(SHOWN)) if any(row[place] is not None for row in rows)]
    for place in places:
        grid.add_column(
            f"  {SHOWN[place]}" if not place else SHOWN[place], justify="right" if SHOWN[place] in _MONEY else "left"
        )
    for row in rows:
        grid.add_row(*(Text(_cell(row[place], SHOWN[place])) for place in places))
    return grid


def _cell(value: object, name: str) -> str:
    if name == "changed_at" and isinstance(value, int):
        value = from_micros(value)
    text = cell_text(value, name)
    text = text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
    return f"  {text}" if name == "uid" else text
