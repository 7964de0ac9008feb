"""Which column is which: by its name, where its content fits; else by its content. Numbers in, a guess out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from winback.discovery import fit
from winback.discovery.names import CONTAINS, is_key, is_of_contact, is_row_number, rank
from winback.discovery.profile import Column, Keys

KeysOf = Callable[[Column], Keys]
Why = Literal["name", "content", "guess"]
_LOOKED_AT = 5
# Of more columns of amounts than this, none stands out.
_STANDING_OUT = 2
# The order in which columns are given away: what is told apart best comes first.
_BY_NAME = ("csm_email", "csm_name", "merchant_name", "gmv", "revenue", "currency", "changed_at", "region")


@dataclass(frozen=True)
class Found:
    """A column of the report for one of ours. `also`: names of others that would do."""

    column: Column
    why: Why
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """`columns`: our name → what was found. `unfit`: our name → a column that is called so, but has other content."""

    columns: dict[str, Found]
    unfit: dict[str, Column]

    def without_flag(self) -> Guess:
        """As in presence mode, where a flag is ignored."""
        return replace(
            self, columns={ours: found for ours, found in self.columns.items() if ours != "is_product_enabled"}
        )


def guess_columns(columns: Iterable[Column], keys_of: KeysOf, *, is_list: bool) -> Guess:
    """No `uid` among them: no column can be it. `is_list`: a flag is only taken by its name, since the report seems to
    be a list of the accounts that are off."""
    named = _with_names_of_their_own(list(columns))
    found: dict[str, Found] = {}
    unfit: dict[str, Column] = {}
    _add(found, "uid", _uid_by_name(named, keys_of))
    _add(found, "is_product_enabled", _flag(_left(named, found), unfit, is_list=is_list))
    for ours in _BY_NAME:
        _add(found, ours, _by_name(ours, _left(named, found), unfit))
    if "uid" not in found:
        _add(found, "uid", _uid_by_content(_left(named, found, but="merchant_name"), keys_of))
        if "uid" in found and found.get("merchant_name", found["uid"]).column == found["uid"].column:
            found.pop("merchant_name", None)
    _add_by_content(found, _left(named, found))
    if "currency" in found and "gmv" not in found and "revenue" not in found:
        found.pop("currency")
    for ours, column in unfit.items():
        if ours not in found and column.name.casefold() == ours:
            found[ours] = Found(column, "name")
    taken = {each.column.place for each in found.values()}
    return Guess(found, {ours: column for ours, column in unfit.items() if column.place not in taken})


def _with_names_of_their_own(columns: list[Column]) -> list[Column]:
    names = [column.name.casefold() for column in columns]
    return [column for column in columns if column.name and names.count(column.name.casefold()) == 1]


def _left(columns: list[Column], found: dict[str, Found], but: str = "") -> list[Column]:
    taken = {each.column.place for ours, each in found.items() if ours != but}
    return [column for column in columns if column.place not in taken]


def _add(found: dict[str, Found], ours: str, new: Found | None) -> None:
    if new is not None:
        found[ours] = new


def _called(ours: str, columns: list[Column]) -> list[tuple[int, Column]]:
    """Columns that are called as ours may be, the best name first."""
    ranked = [(place, column) for column in columns if (place := rank(ours, column.name)) is not None]
    return sorted(ranked, key=lambda each: (each[0], each[1].place))


def _by_name(ours: str, columns: list[Column], unfit: dict[str, Column]) -> Found | None:
    """The best name whose content fits; where nothing but empty columns is called so, the first of them."""
    called = _called(ours, columns)
    fits = [(place, column) for place, column in called if fit.FITS[ours](column)]
    empty = [column for place, column in called if not column.filled and place < CONTAINS]
    if not fits and empty:
        return Found(empty[0], "name")
    if not fits:
        if called and called[0][0] < CONTAINS:
            unfit[ours] = called[0][1]
        return None
    return Found(fits[0][1], "name", tuple(column.name for place, column in fits[1:] if place < CONTAINS))


def _uid_by_name(columns: list[Column], keys_of: KeysOf) -> Found | None:
    fits = [
        (place, column)
        for place, column in _called("uid", columns)[:_LOOKED_AT]
        if fit.could_be_key(column) and fit.is_key_nearly(keys_of(column))
    ]
    if not fits:
        return None
    return Found(fits[0][1], "name", tuple(column.name for place, column in fits[1:] if place < CONTAINS))


def _uid_by_content(columns: list[Column], keys_of: KeysOf) -> Found | None:
    """The first column without blanks or repeats; what is called a number or code, and looks like one, comes first."""
    could = sorted(
        (column for column in columns if column.different == column.filled and fit.could_be_key(column)),
        key=lambda column: (is_row_number(column.name), not is_key(column.name), not fit.is_code(column), column.place),
    )
    fits = [column for column in could[:_LOOKED_AT] if fit.is_key_exactly(keys_of(column))]
    if not fits:
        return None
    is_certain = fit.is_code(fits[0]) and not is_row_number(fits[0].name)
    also = tuple(column.name for column in fits[1:] if fit.is_code(column) and not is_row_number(column.name))
    return Found(fits[0], "content" if is_certain else "guess", also)


def _flag(columns: list[Column], unfit: dict[str, Column], *, is_list: bool) -> Found | None:
    """One that is not called so is a guess: yes and no may be said of anything."""
    if found := _by_name("is_product_enabled", columns, unfit):
        return found
    if is_list:
        return None
    others = [column for column in columns if fit.is_flag_by_content(column)]
    telling = [column for column in others if column.different > 1] or others
    if not telling:
        return None
    return Found(telling[0], "guess", tuple(column.name for column in telling[1:]))


def _add_by_content(found: dict[str, Found], columns: list[Column]) -> None:
    """What has no name that we know, but one of a kind in the report."""
    if "csm_email" not in found:
        mails = [column for column in columns if fit.is_shared_email(column) and not is_of_contact(column.name)]
        _add(found, "csm_email", Found(mails[0], "content") if len(mails) == 1 else None)
    columns = _left(columns, found)
    if "merchant_name" not in found and (names := [column for column in columns if fit.is_name_by_content(column)]):
        found["merchant_name"] = Found(names[0], "guess", tuple(column.name for column in names[1:]))
    columns = _left(columns, found)
    if "gmv" not in found and "revenue" not in found:
        money = [column for column in columns if fit.is_money_by_content(column)]
        if 0 < len(money) <= _STANDING_OUT:
            found["gmv"] = Found(money[0], "guess", tuple(column.name for column in money[1:]))
