"""winback.toml for an unknown report: the commented template, with what was understood filled in."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from winback.core.texts import listed, shown, toml_text
from winback.discovery.guess import Found
from winback.discovery.money import currency_of

if TYPE_CHECKING:
    from winback.discovery.understand import Understanding

WHY = {"name": "by its name", "content": "by its content", "guess": "a guess: check it"}
_OWN = "payments"
_ABOUT = {
    "decimal": "the decimal sign of money, as in 1.234,50",
    "delimiter": "between the columns",
    "encoding": "how the text is written",
    "sheet": "the one with the accounts",
    "filter": "only these rows are read",
}
_LINES = textwrap.TextWrapper(
    110, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
)


def fill_in(template: str, understanding: Understanding) -> str:
    """Values are quoted, and comments are without control characters: nothing in the report can add a setting."""
    product = understanding.product
    sections = re.split(r"^(?=\[|#? ?One product)", template, flags=re.MULTILINE)
    text = "".join(_filled(section, understanding) for section in sections)
    text = re.sub(r"\A(#.*\n)", lambda _: _opening(understanding), text)
    return text.replace(f"[products.{_OWN}", f"[products.{product.name}").replace(f'"{_OWN}"', f'"{product.name}"')


def _opening(understanding: Understanding) -> str:
    lines = [f"Settings of this workspace, filled in from {shown(understanding.report.name)}."]
    if understanding.doubts:
        lines += ["", "To look at:", *wrapped(understanding.doubts), ""]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def wrapped(doubts: tuple[str, ...]) -> list[str]:
    """Sentences as lines of a list."""
    return [line for doubt in doubts for line in _LINES.wrap(shown(doubt))]


def _filled(section: str, understanding: Understanding) -> str:
    if section.startswith("[workspace]") and (currency := currency_of(understanding.guess)):
        return _set(section, "currency", currency)
    if section.startswith(f"[products.{_OWN}]"):
        return _product(section, understanding)
    if section.startswith(f"[products.{_OWN}.columns]"):
        return _columns(section, understanding)
    return section


def _product(section: str, understanding: Understanding) -> str:
    product = understanding.product
    section = _set(section, "report", product.report, _about_report(product.report), replaces_comment=True)
    section = _set(section, "mode", product.mode)
    told = {"decimal": "," if product.decimal == "," else None}
    told |= {"delimiter": product.delimiter, "encoding": product.encoding, "sheet": product.sheet}
    told |= {"filter": product.filter}
    for key, value in told.items():
        section = _set(section, key, value, _ABOUT[key]) if value else section
    return section


def _about_report(pattern: str) -> str:
    if "{date}" in pattern:
        return "{date} stands for the date in the name; the newest is read"
    return "where it has another name every day: {date} in place of the date"


def _columns(section: str, understanding: Understanding) -> str:
    found = understanding.guess.columns
    for ours in understanding.product.columns.__struct_fields__:
        if ours in found:
            section = _set(section, ours, found[ours].column.name, about(found[ours]))
    needs_flag = understanding.product.mode == "flag" and "is_product_enabled" not in found
    if needs_flag or "is_product_enabled" not in found:
        why = "FILL IN: required in flag mode: true or false, yes or no, 1 or 0, on or off" if needs_flag else None
        section = _unset(section, "is_product_enabled", why)
    return section


def about(found: Found) -> str:
    others = f"; {listed(found.also, 3)} would do too" if found.also else ""
    return f"{WHY[found.why]}{others}"


def _set(section: str, key: str, value: str, comment: str | None = None, *, replaces_comment: bool = False) -> str:
    """One key with its value; the template's comment stays where there is no other, with its further lines."""
    line = re.compile(rf"^#?{key} = [^#\n]*?(?P<comment> *#.*)?\n(?P<further>( +#.*\n)*)", re.MULTILINE)

    def filled(match: re.Match[str]) -> str:
        told = (match["comment"] or "").strip() if comment is None else f"# {comment}"
        further = "" if replaces_comment else match["further"]
        return f"{f'{key} = {toml_text(value)}':<43} {told}".rstrip() + "\n" + further

    return line.sub(filled, section, count=1)


def _unset(section: str, key: str, comment: str | None) -> str:
    def commented(match: re.Match[str]) -> str:
        line = match["line"] if comment is None else f'{key} = ""'
        return f"#{line}\n" if comment is None else f"{f'#{line}':<43} # {comment}\n"

    return re.sub(rf"^#?(?P<line>{key} = .*)\n", commented, section, count=1, flags=re.MULTILINE)
