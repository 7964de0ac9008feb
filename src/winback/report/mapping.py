"""From the report's own columns to ours: which column is the UID, which the flag, which are others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winback.errors import ReportRefused

if TYPE_CHECKING:
    from winback.settings import Product

MAPPED = (
    "uid",
    "is_product_enabled",
    "merchant_name",
    "csm_name",
    "csm_email",
    "region",
    "gmv",
    "revenue",
    "currency",
    "changed_at",
)
# What the table `history` has of its own: another column of that name is told apart.
_HISTORY = {"product", *MAPPED, "in_last_report", "last_seen_at"}
# White space as Unicode has it, and the characters of no width (rules.md R1.1).
# Texts that begin with another character of ASCII are from "!" to before AFTER_ASCII.
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u180e\u200b\u200c\u200d\u2060\ufeff"
)
AFTER_ASCII = "\x7f"


@dataclass(frozen=True)
class Mapping:
    """`mapped`: our name → place of the report's column; `others`: name in the history → place."""

    header: tuple[str, ...]
    mapped: dict[str, int]
    others: dict[str, int]

    @property
    def uid_column(self) -> str:
        return self.header[self.mapped["uid"]].strip(BLANKS)


def map_columns(header: list[str], product: Product) -> Mapping:
    """rules.md R3.7; names match in any case and with blanks around."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(key_of(name), place)
    found = {ours: _find(ours, places, header, product) for ours in MAPPED}
    mapped = {ours: place for ours, place in found.items() if place is not None}
    taken = {place for ours, place in mapped.items() if ours not in ("currency", "changed_at")}
    return Mapping(tuple(header), mapped, _name_others(header, taken))


def _find(ours: str, places: dict[str, int], header: list[str], product: Product) -> int | None:
    wanted: tuple[str, ...] | None = getattr(product.columns, ours)
    for name in wanted or (ours,):
        if key_of(name) in places:
            _refuse_ambiguous(name, header)
            return places[key_of(name)]
    required = ours == "uid" or (ours == "is_product_enabled" and product.mode == "flag")
    if wanted is None and not required:
        return None
    if ours == "is_product_enabled" and product.mode == "presence":
        return None
    names = " or ".join(repr(name) for name in wanted or (ours,))
    raise ReportRefused(
        f"the report has no column {names} for {ours}; it has:"
        f" {', '.join(name.strip(BLANKS) or '(blank)' for name in header)}."
        f" Set {product.key}.columns.{ours}{_of_delimiter(header, product)}"
    )


def _of_delimiter(header: list[str], product: Product) -> str:
    """Where all names seem to stand in one."""
    if len(header) != 1 or not re.search(r"[^\w -]", header[0].strip(BLANKS)):
        return ""
    return f"; all is one column: is {product.key}.delimiter right?"


def _refuse_ambiguous(name: str, header: list[str]) -> None:
    if sum(key_of(each) == key_of(name) for each in header) > 1:
        raise ReportRefused(f"the report has several columns {name.strip()!r}: rename all but one")


def _name_others(header: list[str], taken: set[int]) -> dict[str, int]:
    """A name of its own for every other column: blank, repeated and our own names get told apart."""
    named: dict[str, int] = {}
    seen = set(_HISTORY)
    for place, raw in enumerate(header):
        if place in taken:
            continue
        name = raw.strip(BLANKS) or f"column_{place + 1}"
        if name.casefold() in _HISTORY:
            name = f"{name}_in_report"
        stem, nth = name, 2
        while name.casefold() in seen:
            name, nth = f"{stem}_{nth}", nth + 1
        seen.add(name.casefold())
        named[name] = place
    return named


def key_of(name: str) -> str:
    return name.strip(BLANKS).casefold()
