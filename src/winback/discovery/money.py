"""How amounts are written, and in which currency."""

from __future__ import annotations

import re
from typing import Literal

from winback.discovery.guess import Guess
from winback.discovery.names import words
from winback.discovery.profile import Column
from winback.report.statements import identifier, literal

# A dollar sign alone is no currency.
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "R$": "BRL"}


def money_columns(guess: Guess) -> list[Column]:
    return [found.column for ours, found in guess.columns.items() if ours in ("gmv", "revenue")]


def decimal_of(guess: Guess) -> Literal[".", ","]:
    """What more amounts can only be read with; the point where they tell nothing."""
    columns = money_columns(guess)
    points, commas = sum(column.only_point for column in columns), sum(column.only_comma for column in columns)
    return "," if commas > points else "."


def one_currency(guess: Guess) -> str | None:
    """The condition that leaves the rows of the most frequent currency; None where there are not several."""
    found = guess.columns.get("currency")
    if found is None or found.column.different < 2:
        return None
    return f"trim({identifier(found.column.name)}) = {literal(found.column.values[0])}"


def currency_of(guess: Guess) -> str | None:
    """The currency of all amounts: as its column says, or names such as `GMV (EUR)` and values such as `€ 5` do."""
    if "currency" in guess.columns:
        column = guess.columns["currency"].column
        told = {code.upper() for code in column.values[:1]}
        return next(iter(told & words("currency")), None)
    texts = (text for column in money_columns(guess) for text in (column.name, *column.values))
    told = {code for text in texts for code in _codes_in(text)}
    return told.pop() if len(told) == 1 else None


def _codes_in(text: str) -> frozenset[str]:
    codes = re.findall(r"(?<![A-Z])[A-Z]{3}(?![A-Z])", text.upper())
    return words("currency").intersection(codes) | {code for sign, code in _SIGNS.items() if sign in text}
