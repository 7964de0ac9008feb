"""Flag or presence: how the report tells which accounts are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from winback.discovery.guess import Guess
from winback.discovery.names import is_negative, is_on
from winback.discovery.profile import Column
from winback.report.clean import FALSES
from winback.report.statements import identifier, literal


@dataclass(frozen=True)
class Mode:
    """`telling`: a column that tells who is on, by `on_values`, but can't be the flag: it does so in other words than a
    flag may, or in reverse."""

    name: Literal["flag", "presence"]
    telling: Column | None = None
    on_values: tuple[str, ...] = ()

    @property
    def filter(self) -> str | None:
        """The condition that leaves the accounts that are off."""
        if self.telling is None:
            return None
        return f"{identifier(self.telling.name)} not in ({', '.join(map(literal, self.on_values))})"


def decide_mode(guess: Guess, columns: tuple[Column, ...], *, is_list: bool) -> Mode:
    """`is_list`: the file is called a list of accounts that are off."""
    if flag := guess.columns.get("is_product_enabled"):
        return Mode("presence" if is_list and flag.column.different == 1 else "flag")
    if is_list:
        return Mode("presence")
    for column in columns:
        if on_values := _on_values(column):
            return Mode("flag", column, on_values)
    return Mode("presence")


def _on_values(column: Column) -> tuple[str, ...]:
    """The values of a column in words, or of a reversed flag, that mean: enabled; none where it does not tell."""
    if is_negative(column.name) and column.flags == column.filled == column.rows:
        return tuple(value for value in column.values if value.casefold() in FALSES)
    said = {value: is_on(value) for value in column.values}
    if None in said.values():
        return ()
    return tuple(value for value, on in said.items() if on)
