"""The daily figures, for a channel: where things stand against a day before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from winback.core.moments import to_micros
from winback.messages.content import Content, Figures
from winback.messages.wording import one_line, say, say_accounts
from winback.parameters import parameters
from winback.store import kpis, remembered
from winback.store.columns import read_columns

if TYPE_CHECKING:
    from winback.settings import Settings

Document = Mapping[str, Any]
_DAY = dt.timedelta(days=1)
# Bands of the KPIs that one bar stands for: a chart takes six.
_BARS = {
    "up to 1": ("L24HRS",),
    "2": ("L48HRS",),
    "3": ("L72HRS",),
    "4 to 30": ("L30",),
    "31 to 90": ("L60", "L90"),
    "more": ("L>90",),
}
_MEASURES = {
    "accounts_at_risk": ("at_risk", "accounts"),
    "gmv_at_risk": ("at_risk", "gmv"),
    "revenue_at_risk": ("at_risk", "revenue"),
    "lost": ("churned", "accounts"),
    "win_backs": ("won", "win_backs"),
    "recovered": ("recovered", "revenue"),
    "new_adoptions": ("won", "new_adoptions"),
}


def digest_content(settings: Settings, at: dt.datetime) -> Content:
    period = parameters(settings, at) | {"from": to_micros(at - _DAY), "now": to_micros(at)}
    now, before = kpis_at(settings, at, at - _DAY)
    with read_columns(settings.data_path) as columns:
        (happened,) = kpis.flows(columns, [period])
    title = say(settings, "digest.title", day=f"{at.astimezone(settings.tz):%A %d %B %Y}")
    summary, figures = _summary(settings, now, before, happened), figures_of(settings, now, before)
    text = "\n".join([title, "", summary, "", *(_line(row) for row in figures.rows[1:]), "", *_bars(figures)])
    return Content("notice", title, text, summary, figures=figures)


def figures_of(settings: Settings, now: Document, before: Document) -> Figures:
    heading = ("measure", "now", "yesterday", "change")
    rows = [tuple(say(settings, f"digest.{each}") for each in heading)]
    for name, (figure, key) in _MEASURES.items():
        held, held_before = now[figure][key], before[figure][key]
        label = say(settings, f"digest.{name}")
        rows.append((label, short(held), short(held_before), _change(settings, held, held_before)))
    by_time = now["at_risk"]["by_time"]
    bars = tuple((name, sum(by_time[band]["accounts"] for band in bands)) for name, bands in _BARS.items())
    return Figures(say(settings, "digest.chart"), say(settings, "digest.series"), bars, tuple(rows))


def kpis_at(settings: Settings, *moments: dt.datetime) -> Sequence[Document]:
    return remembered.documents(settings.data_path, [parameters(settings, each) for each in moments])


def short(value: str | int) -> str:
    """Whole units up to ten million; millions and billions above."""
    number = Decimal(value)
    for limit, divisor, sign in ((10**10, 10**9, "bn"), (10**7, 10**6, "m")):
        if abs(number) >= limit:
            return f"{number / divisor:,.1f} {sign}"
    return f"{number:,.0f}"


def _summary(settings: Settings, now: Document, before: Document, happened: Document) -> str:
    at_risk = now["at_risk"]["accounts"]
    return say(
        settings,
        "digest.summary",
        at_risk=say_accounts(at_risk, settings),
        at_risk_change=_change(settings, at_risk, before["at_risk"]["accounts"]),
        gmv=f"{short(now['at_risk']['gmv'])} {settings.workspace.currency}",
        churned=happened["churns"]["accounts"],
        back=happened["win_backs"]["accounts"],
        lost=happened["losses"]["accounts"],
    )


def _change(settings: Settings, now: str | int, before: str | int) -> str:
    change = Decimal(now) - Decimal(before)
    if change == 0:
        return say(settings, "digest.unchanged")
    return f"{'+' if change > 0 else '−'}{short(str(abs(change)))}"


def _line(row: tuple[str, ...]) -> str:
    return one_line(f"{row[0]}: {row[1]} ({row[3]})")


def _bars(figures: Figures) -> list[str]:
    return [f"{figures.chart}, {label}: {value:,}" for label, value in figures.bars]
