"""Long lists, some rows to a page. Where a list ends is known when it is reached: nothing is counted for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winback.errors import UsageError

if TYPE_CHECKING:
    from django.http import QueryDict

ROWS = 50
# Counting rows to leave out takes a database as long as reading them: whoever is so deep wants a filter.
_LAST = 10_000


@dataclass(frozen=True)
class Turned:
    """One page of a list. `before`, `after`: the addresses beside it, None where there is nothing."""

    rows: Sequence[Any]
    number: int
    before: str | None
    after: str | None


def turned(asked: QueryDict, rows_from: Callable[[int, int], Sequence[Any]]) -> Turned:
    """`rows_from`: up to so many rows, after so many others. Raises UsageError for a page that is none."""
    text = asked.get("page") or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _LAST):
        raise UsageError(f'expected a page from 1 to {_LAST:,}, found "{text[:20]}"')
    number = int(text)
    rows = rows_from((number - 1) * ROWS, ROWS + 1)
    before = _address(asked, number - 1) if number > 1 else None
    return Turned(rows[:ROWS], number, before, _address(asked, number + 1) if rows[ROWS:] else None)


def turned_list(asked: QueryDict, rows: Any) -> Turned:
    """Of rows that are all at hand, or of a query that is not made yet."""
    return turned(asked, lambda after, most: list(rows[after : after + most]))


def _address(asked: QueryDict, number: int) -> str:
    other = asked.copy()
    other["page"] = str(number)
    return f"?{other.urlencode()}"
