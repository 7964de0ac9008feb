"""What a person should look at before the first pull, in sentences: each says what was seen, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from winback.core.texts import listed, quoted, toml_text
from winback.discovery.fit import FITS
from winback.discovery.guess import Guess
from winback.discovery.mode import Mode
from winback.discovery.money import money_columns
from winback.discovery.names import rank
from winback.discovery.profile import Column

if TYPE_CHECKING:
    from winback.discovery.understand import Tried
    from winback.settings import Product

_FLAGS = "true/false, yes/no, 1/0, on/off or enabled/disabled"
_WANTED = {
    "gmv": "amounts of money, such as 1,234.50",
    "revenue": "amounts of money, such as 1,234.50",
    "changed_at": "moments in ISO 8601, such as 2026-11-03 or 2026-11-03T09:00Z",
    "csm_email": "e-mail addresses",
    "csm_name": "names",
    "merchant_name": "names",
    "region": "names",
    "currency": "currencies",
    "is_product_enabled": f"one of {_FLAGS}",
}


def of_columns(columns: tuple[Column, ...], guess: Guess, mode: Mode, product: Product) -> Iterator[str]:
    yield from _of_mode(guess, mode, product)
    yield from _of_guesses(guess)
    yield from _of_names(columns)
    yield from _of_csm(guess)
    yield from _of_unfit(guess)


def _of_unfit(guess: Guess) -> Iterator[str]:
    columns = {column.place: (ours, column) for ours, column in guess.unfit.items() if ours != "is_product_enabled"}
    for ours, column in columns.values():
        yield (
            f"{quoted(column.name)} is called like {ours}, but holds {listed(column.values, 3)}: expected"
            f" {_WANTED[ours]}; it is kept as it is"
        )


def _of_mode(guess: Guess, mode: Mode, product: Product) -> Iterator[str]:
    unfit = guess.unfit.get("is_product_enabled")
    if mode.telling:
        yield (
            f"{quoted(mode.telling.name)} tells who is enabled ({listed(mode.on_values, 3)}), but can't be the flag,"
            f" which is true for enabled, and one of {_FLAGS}. Have the report say so, and name that column under"
            f" [products.{product.name}.columns]; or take the report for a list of the accounts that are off:"
            f' mode = "presence", and filter = {toml_text(mode.filter or "")}'
        )
    elif mode.is_named:
        yield (
            'the file\'s name says that it is a list of the accounts that are off: mode = "presence". If it lists all'
            ' accounts, name the column with the flag, and set mode = "flag"'
        )
    elif mode.name == "presence":
        if unfit:
            yield f"{quoted(unfit.name)} is no flag, which is one of {_FLAGS}: it holds {listed(unfit.values, 3)}"
        yield (
            f"no column tells whether an account is enabled ({_FLAGS}), so the report is taken for a list of the"
            ' accounts that are off: mode = "presence". If it lists all accounts, add such a column to it, name it'
            f' under [products.{product.name}.columns] and set mode = "flag"'
        )


def _of_guesses(guess: Guess) -> Iterator[str]:
    for ours, found in guess.columns.items():
        if found.why == "guess":
            others = f"; {listed(found.also, 3)} would do too" if found.also else ""
            yield f"{ours} is a guess from the content of {quoted(found.column.name)}{others}"
        if found.why == "name" and ours in FITS and not FITS[ours](found.column) and found.column.filled:
            yield (
                f"{quoted(found.column.name)} is read as {ours} since it is called so, but holds"
                f" {listed(found.column.values, 3)}: expected {_WANTED[ours]}"
            )


def _of_names(columns: tuple[Column, ...]) -> Iterator[str]:
    names = [column.name.casefold() for column in columns]
    repeated = dict.fromkeys(column.name for column in columns if names.count(column.name.casefold()) > 1)
    if named := tuple(name for name in repeated if name):
        yield f"several columns are called {listed(named, 3)}, and none of them is taken: rename all but one"
    if blank := [column.place + 1 for column in columns if not column.name]:
        yield f"{len(blank):,} of the columns have no name, and are kept as column_{blank[0]} and so on, by their place"


def _of_csm(guess: Guess) -> Iterator[str]:
    if "csm_name" not in guess.columns and "csm_email" not in guess.columns:
        yield "no column names a CSM, so all messages go to messages.fallback"
    elif "csm_email" not in guess.columns:
        yield 'CSMs are known by name alone: where messages need an address, write it under [people."NAME"]'


def of_encoding(encoding: str | None) -> Iterator[str]:
    if encoding in ("cp1252", "latin-1"):
        yield f"the text is not UTF-8, and is read as {encoding}: if letters such as ä or ñ look wrong, change encoding"


def of_decimal(guess: Guess, product: Product) -> Iterator[str]:
    """Amounts that can be read in two ways, where no other tells which is meant."""
    money = money_columns(guess)
    told = any(column.only_point or column.only_comma for column in money)
    both = [column for column in money if column.ambiguous]
    if both and not told:
        yield (
            f"amounts of {quoted(both[0].name)}, such as {_an_ambiguous(both[0])}, can be read in two ways, and none"
            f' tells which: products.{product.name}.decimal is taken to be "{product.decimal}"'
        )


def of_currencies(guess: Guess, product: Product) -> Iterator[str]:
    if product.filter:
        currencies = guess.columns["currency"].column.values
        yield (
            f"amounts are in several currencies ({listed(currencies)}), and sums can't mix them: only the rows with"
            f" {quoted(currencies[0])} are read (filter). Repeat the three tables of [products.{product.name}] for each"
            " other one"
        )


def _an_ambiguous(column: Column) -> str:
    return quoted(next((value for value in column.values if "." in value or "," in value), column.values[0]))


def of_trial(tried: Tried, guess: Guess, product: Product) -> Iterator[str]:
    accepted = tried.checked.accepted
    if product.mode == "flag" and accepted > 1 and tried.enabled in (0, accepted):
        said = "every account is enabled" if tried.enabled else "no account is enabled"
        yield f"{said}: is {quoted(guess.columns['is_product_enabled'].column.name)} the right column?"
    if tried.checked.unreadable_amounts:
        yield (
            f'amounts that can\'t be read with the decimal sign "{product.decimal}" are left empty:'
            f" {tried.checked.unreadable_amounts:,} of them"
        )


def no_uid(columns: tuple[Column, ...]) -> str:
    """Why none of the columns can be the UID."""
    called = sorted(columns, key=lambda column: rank("uid", column.name) is None)
    reasons = []
    for column in called[:5]:
        blank, repeated = column.rows - column.filled, column.filled - column.different
        parts = [f"{blank:,} blank" if blank else "", f"{repeated:,} repeated" if repeated else ""]
        reasons.append(f"{quoted(column.name)} ({', '.join(part for part in parts if part) or 'amounts or dates'})")
    return f"no column can be the UID, with another value in each row: {', '.join(reasons)}"
