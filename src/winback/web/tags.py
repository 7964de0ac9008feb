"""How figures, money, moments and lengths of time are shown in a page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from winback.core.bands import BANDS
from winback.core.moments import format_moment
from winback.web import site

register = template.Library()
# Name of a band of time → how its column is called.
_CALLED = ("24 h", "48 h", "72 h", "30 days", "60 days", "90 days", "longer")
BAND_WORDS = dict(zip([name for name, _ in BANDS], _CALLED, strict=True))
_THOUSANDS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
_FROM_DAYS = 72
_LONGEST = 120
_WORDS = {"csm": "CSM", "win_back": "Win-back", "self_service": "Self-service", "readopted": "Re-adopted"}


@register.filter
def count(value: Any) -> str:
    return "–" if value is None else f"{int(value):,}"


@register.filter
def money(value: Any) -> str:
    """In full, as an exact amount."""
    amount = _decimal(value)
    return "–" if amount is None else f"{amount:,.2f}"


@register.filter
def short_money(value: Any) -> SafeString | str:
    """1,234,567.00 as 1.23m; the exact amount is one hover, or a screen reader, away."""
    amount = _decimal(value)
    if amount is None:
        return "–"
    return format_html('<data value="{}" title="{}">{}</data>', f"{amount:.2f}", f"{amount:,.2f}", _short(amount))


def _short(amount: Decimal) -> str:
    for size, unit in _THOUSANDS:
        if abs(amount) >= size:
            return f"{amount / size:.3g}{unit}" if abs(amount / size) < 1_000 else f"{amount / size:,.0f}{unit}"
    return f"{amount:,.0f}"


@register.filter
def hours(value: Any) -> str:
    """Hours as people say them: up to three days in hours, then in days."""
    if value is None:
        return "–"
    return f"{float(value):,.1f} h" if float(value) < _FROM_DAYS else f"{float(value) / 24:,.1f} d"


@register.filter
def share(value: Any) -> str:
    """0.1234 as 12.3 %."""
    return "–" if value is None else f"{float(value) * 100:.1f} %"


@register.filter
def moment(value: Any) -> SafeString | str:
    """In the time zone of the workspace, with the exact one for machines; takes a datetime or ISO 8601."""
    at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(site.workspace().settings.workspace.timezone))
    return format_html('<time datetime="{}">{}</time>', format_moment(at), f"{local:%d %b %Y %H:%M}")


@register.filter
def day(value: Any) -> SafeString | str:
    at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(site.workspace().settings.workspace.timezone))
    return format_html('<time datetime="{}">{}</time>', format_moment(at), f"{local:%d %b %Y}")


@register.filter
def date_words(value: str) -> str:
    """2026-11-02 as 02 Nov 2026."""
    return f"{dt.date.fromisoformat(value):%d %b %Y}"


@register.filter
def shortened(text: str) -> str:
    """Of a report: a name of ten thousand characters shows that it goes on."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@register.filter
def band(name: str) -> str:
    """A band of time as its column is called."""
    return BAND_WORDS[name]


@register.filter
def words(name: str | None) -> str:
    """The names of the tables as people say them: `new_adoption` is New adoption."""
    return "–" if name is None else _WORDS.get(name, name.replace("_", " ").capitalize())


@register.simple_tag
def answer_address(case: int, name: str) -> str:
    return reverse("answer-case", args=[case, name])


@register.filter
def cell(row: dict[str, Any], column: str) -> Any:
    return row.get(column)


@register.filter
def first_of(rows: list[Any], most: int) -> list[Any]:
    return rows[:most]


@register.filter
def beyond(rows: list[Any], most: int) -> int:
    """How many rows `first_of` leaves out."""
    return len(rows[most:])


@register.filter
def percent_of(part: Any, whole: Any) -> str:
    """How long a bar is, for the attribute of a drawing."""
    of, total = _decimal(part), _decimal(whole)
    return "0" if not of or not total else f"{max(0, min(100, of / total * 100)):.2f}"


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def signed(value: Any) -> str:
    """A change, with a minus that is as wide as a plus."""
    return f"{int(value):+,}".replace("-", "−") if int(value) else "±0"


@register.filter
def signed_money(value: Any) -> str:
    amount = _decimal(value) or Decimal(0)
    sign = "+" if amount > 0 else "−" if amount < 0 else "±"
    return f"{sign}{_short(abs(amount))}"


@register.filter
def lookup(table: Any, name: str) -> Any:
    return table[name]


@register.simple_tag
def with_filters(address: str, filters: Any) -> str:
    """A page's address with what is chosen here."""
    return f"{address}{'&' if '?' in address else '?'}{filters.address}" if filters.address else address


@register.filter
def points(value: Any) -> str:
    """A difference of shares, in points of a hundred."""
    return "–" if value is None else f"{float(value) * 100:+.1f}".replace("-", "−")


@register.simple_tag
def sorting(words: str, name: str, chosen: str, filters: Any, lines: int = 1) -> SafeString:
    """A column's heading, by which its table can be sorted; `lines`: of headings, that it is as high as."""
    link = format_html('<a href="?{}&amp;sort={}">{}</a>', filters.address, name, words)
    side = "" if name == "name" else "number"
    is_up = name in ("name", "fastest")
    order = format_html(' aria-sort="{}"', "ascending" if is_up else "descending") if name == chosen else ""
    height = format_html(' rowspan="{}"', lines) if lines > 1 else ""
    return format_html('<th scope="col" class="{}"{}{}>{}</th>', side, order, height, link)
