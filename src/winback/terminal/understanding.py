"""What `init --from` understood of a report, for the person who has to judge it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from winback.core.moments import from_micros
from winback.core.texts import listed, quoted, shown
from winback.discovery.fill_in import about, wrapped
from winback.discovery.money import currency_of, money_columns
from winback.discovery.understand import SHOWN
from winback.terminal.tables import cell_text, plural

if TYPE_CHECKING:
    from winback.discovery.understand import Tried, Understanding
    from winback.report.engine import Row

_LONGEST_CELL = 26
_RIGHT = ("gmv", "revenue")
_MODES = {
    "flag": "flag: every account is listed, and a column says whether it is enabled",
    "presence": "presence: only the accounts that are off are listed",
}
_FIRST = {
    "flag": "makes the history: no case is opened, nobody is told",
    "presence": "opens a case for every account listed, and nobody is told",
}


def told_understanding(understanding: Understanding) -> list[str]:
    """The form of the report, its columns, five accounts as understood, counts, what the guard would say, and what to
    look at."""
    lines = [
        f"{shown(understanding.report.name)}: {understanding.form}, {plural(len(understanding.columns), 'column')}",
        "",
        *_table(_settings(understanding)),
        "",
        *_columns(understanding),
        "",
    ]
    if understanding.tried:
        lines += [*_told_trial(understanding.tried, understanding.product.mode), ""]
    if understanding.doubts:
        lines += ["To look at:", *(f"  {line}" for line in wrapped(understanding.doubts)), ""]
    return lines


def next_steps(understanding: Understanding, folder: str) -> list[str]:
    steps = [
        ("winback doctor", "checks settings, report and database"),
        ("winback pull --dry-run", "reads the report and changes nothing"),
        ("winback pull", "makes the history; from the next report on, churns and wins show"),
    ]
    if not understanding.tried:
        steps.insert(0, ("edit winback.toml", "fill in what says FILL IN"))
    if Path(folder) != Path("."):
        steps.insert(0, (f"cd {shlex.quote(folder)}", ""))
    return _table(steps)


def _settings(understanding: Understanding) -> Iterator[tuple[str, str]]:
    product = understanding.product
    yield "product", product.name
    yield "report", shown(product.report)
    is_sure = understanding.tried is not None
    yield "mode", _MODES[product.mode] if is_sure else "flag, but no column can be the flag as it is: fill it in"
    if currency := currency_of(understanding.guess):
        yield "currency", currency
    if money_columns(understanding.guess):
        yield "decimal", f'"{product.decimal}", as in {"1,234.50" if product.decimal == "." else "1.234,50"}'


def _columns(understanding: Understanding) -> Iterator[str]:
    found = understanding.guess.columns
    ours = understanding.product.columns.__struct_fields__
    yield from _table((name, quoted(found[name].column.name), about(found[name])) for name in ours if name in found)
    ignored = "is_product_enabled" if understanding.product.mode == "presence" else ""
    if missing := [name for name in ours if name not in found and name != ignored]:
        yield f"  not found: {', '.join(missing)}"
    taken = {each.column.place for each in found.values()}
    left = [column for column in understanding.columns if column.place not in taken]
    if left:
        yield f"  kept as they are: {listed([column.name or f'column_{column.place + 1}' for column in left])}"


def _told_trial(tried: Tried, mode: str) -> Iterator[str]:
    if tried.sample:
        yield from ("Some accounts, as understood:", *_sample(tried.sample), "")
    checked = tried.checked
    accounts = plural(checked.accepted, "account") + " accepted"
    if mode == "flag":
        accounts += f" ({tried.enabled:,} enabled, {checked.accepted - tried.enabled:,} not)"
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in tried.rejected.items())
    rejected = plural(checked.rejected, "row") + " rejected" + (f" ({reasons})" if reasons else "")
    unreadable = f", {plural(checked.unreadable_amounts, 'amount')} not readable" if checked.unreadable_amounts else ""
    yield f"{plural(checked.rows, 'row')} read, {accounts}, {rejected}{unreadable}"
    if tried.findings:
        yield f"The guard would hold it: {'; '.join(tried.findings)}"
    else:
        yield f"The guard would let it pass; as the first report it {_FIRST[mode]}"


def _sample(rows: list[Row]) -> list[str]:
    """Without columns that are empty, and the address of a CSM who is named."""
    places = [
        place
        for place, name in enumerate(SHOWN)
        if any(row[place] is not None and (name != "csm_email" or row[place - 1] is None) for row in rows)
    ]
    cells = [[SHOWN[place] for place in places]]
    cells += [[_cell(row[place], SHOWN[place]) for place in places] for row in rows]
    return _table(cells, right=[SHOWN[place] in _RIGHT for place in places])


def _cell(value: object, name: str) -> str:
    if name == "changed_at" and isinstance(value, int):
        value = from_micros(value)
    text = cell_text(value, name)
    return text if cell_len(text) <= _LONGEST_CELL else set_cell_size(text, _LONGEST_CELL - 1) + "…"


def _table(rows: Iterable[Iterable[str]], right: list[bool] | None = None) -> list[str]:
    """Indented rows in columns as wide as their widest cell on a terminal, where some signs take two places."""
    cells = [list(row) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    return ["  " + "  ".join(_padded(row, widths, right or [False] * len(widths))).rstrip() for row in cells]


def _padded(row: list[str], widths: list[int], right: list[bool]) -> Iterator[str]:
    for cell, width, is_right in zip(row, widths, right, strict=True):
        blanks = " " * (width - cell_len(cell))
        yield blanks + cell if is_right else cell + blanks
