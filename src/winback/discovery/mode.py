"""Flag or presence: how the report tells which accounts are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from winback.discovery.fit import FITS
from winback.discovery.guess import Guess
from winback.discovery.names import is_negative, is_on, rank
from winback.discovery.profile import Column
from winback.report.clean import FALSES
from winback.report.statements import identifier, literal


@dataclass(frozen=True)
class Mode:
    """`telling`: a column that tells who is on, by `on_values`, but can't be the flag: it does so in other words than a
    flag may, or in reverse. `is_named`: the file's name says that it is a list of accounts that are off."""

    name: Literal["flag", "presence"]
    is_named: bool = False
    telling: Column | None = None
    on_values: tuple[str, ...] = ()

    @property
    def filter(self) -> str | None:
        """The condition that leaves the accounts that are off: not those alone that are said to be, but blank cells
        too, which `not in` is not true of."""
        if self.telling is None:
            return None
        cell = f"coalesce(trim({identifier(self.telling.name)}), '')"
        return f"{cell} not in ({', '.join(map(literal, self.on_values))})"


def decide_mode(guess: Guess, columns: tuple[Column, ...], *, is_list: bool) -> Mode:
    """A flag that is the same in all of a list of accounts that are off says nothing new."""
    flag = guess.columns.get("is_product_enabled")
    if flag and not (is_list and flag.column.different == 1):
        return Mode("flag")
    if is_list:
        return Mode("presence", is_named=True)
    if any(_is_called_flag(column) and FITS["is_product_enabled"](column) for column in columns):
        # Several are called so, and a person has to say which.
        return Mode("flag")
    for column in columns:
        if on_values := _on_values(column):
            return Mode("flag", telling=column, on_values=on_values)
    return Mode("presence")


def _on_values(column: Column) -> tuple[str, ...]:
    """The values of a column in words, or of a reversed flag, that mean: enabled; none where it does not tell."""
    if is_negative(column.name) and column.flags == column.filled == column.rows:
        return tuple(value for value in column.values if value.casefold() in FALSES)
    said = {value: is_on(value, in_flag=_is_called_flag(column)) for value in column.values}
    if None in said.values():
        return ()
    return tuple(value for value, on in said.items() if on)


def _is_called_flag(column: Column) -> bool:
    return rank("is_product_enabled", column.name) is not None
