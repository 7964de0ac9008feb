"""The KPI document as tables for people: bands side by side, in and within."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.table import Table as Grid
from rich.text import Text

from winback.core.bands import BANDS
from winback.core.texts import shown
from winback.terminal.tables import console

Document = dict[str, Any]
_BANDS = dict(zip((name for name, _ in BANDS), ("24 h", "48 h", "72 h", "30 d", "60 d", "90 d", "> 90 d"), strict=True))
_FIGURES = {
    "at_risk": "At risk, by time since the churn",
    "churned": "Churned (lost), by time since the loss",
    "won": "Won, by time since the win",
    "recovered": "Recovered (win-backs), by time since the win",
}
_MEASURES = ("accounts", "gmv", "revenue")


def print_moment(document: Document) -> None:
    out = console()
    out.print(Text(heading(document, f"KPIs at {document['at']}"), style="bold"))
    out.print(_topline(document))
    for name, title in _FIGURES.items():
        if document[name]["accounts"]:
            out.print(_bands(title, document[name]))
    if document["recovered"]["by_region"]:
        out.print(_pairs("Revenue recovered by region", document["recovered"]["by_region"]))
    out.print(_credit(document["credit"], document["won"]["win_backs"], document["churned"]["accounts"]))
    out.print(_durations(document))
    if document["by_csm"]:
        out.print(_by_csm(document["by_csm"]))


def print_period(document: Document) -> None:
    out = console()
    out.print(Text(heading(document, f"From {document['from']} until before {document['to']}"), style="bold"))
    grid = new_grid("", "accounts", "GMV", "revenue")
    kinds = {
        "churns": "Churns",
        "win_backs": "Win-backs",
        "new_adoptions": "New adoptions",
        "losses": "Losses",
    }
    for name, title in kinds.items():
        grid.add_row(title, *_sums(document[name]))
        if name == "win_backs":
            grid.add_row("  of these churned again since", *_sums(document[name]["rechurned"]))
    out.print(grid)


def heading(document: Document, title: str) -> str:
    filters = [
        f"{name} {shown(document[name]) or '(none)'}"
        for name in ("product", "region", "csm")
        if document[name] is not None
    ]
    amounts = f"{document['currency']} a {shown(document['revenue_period'])}"
    return f"{title}, {', '.join(filters) or 'all products'}; amounts in {amounts}"


def _topline(document: Document) -> Grid:
    grid = new_grid("", "accounts", "GMV", "revenue")
    for name, title in {
        "at_risk": "At risk",
        "churned": "Churned (lost)",
        "won": "Won",
        "recovered": "Recovered",
    }.items():
        grid.add_row(title, *_sums(document[name]))
        if name == "won":
            grid.add_row("  win-backs", f"{document['won']['win_backs']:,}", "", "")
            grid.add_row("  new adoptions", f"{document['won']['new_adoptions']:,}", "", "")
    return grid


def _bands(title: str, figure: Document) -> Grid:
    """A column for each band; the share is that of the accounts within it."""
    grid = new_grid("", *_BANDS.values(), title=title)
    bands = [figure["by_time"][name] for name in _BANDS]
    for measure in _MEASURES:
        label = {"gmv": "GMV"}.get(measure, measure)
        grid.add_row(f"{label} in", *(amount(band[measure]) for band in bands))
        grid.add_row("  within", *(amount(band["within"][measure]) for band in bands))
        if measure == "accounts":
            grid.add_row("  share within", *(share(band["within"]["accounts"], figure["accounts"]) for band in bands))
    return grid


def _pairs(title: str, pairs: dict[str, str]) -> Grid:
    grid = new_grid("", "revenue", title=title)
    for name, revenue in pairs.items():
        grid.add_row(Text(shown(name) or "(none)"), amount(revenue))
    return grid


def _credit(credit: Document, win_backs: int, losses: int) -> Grid:
    grid = new_grid("", "accounts", "GMV", "revenue", "share", title="Credit")
    for name, figure in credit.items():
        of = win_backs if name.endswith("wins") else losses
        grid.add_row(name.replace("_", " ").replace("csm", "CSM"), *_sums(figure), share(figure["accounts"], of))
    return grid


def _durations(document: Document) -> Grid:
    grid = new_grid("", "count", "median", "mean", title="Hours")
    names = {
        "time_since_churn_hours": "since the churn, at risk",
        "turnover_hours": "turnover, win-backs",
        "engage_hours": "to engage",
    }
    for name, title in names.items():
        found = document[name]
        grid.add_row(title, f"{found['count']:,}", *(_hours(found[each]) for each in ("median", "mean")))
    return grid


def _by_csm(rows: list[Document]) -> Grid:
    grid = new_grid(
        "",
        "at risk",
        "GMV at risk",
        "true wins",
        "assisted",
        "self-service",
        "losses",
        "recovered",
        title="By CSM",
    )
    for row in rows:
        counts = (f"{row[name]:,}" for name in ("csm_true_wins", "assisted_wins", "self_service_wins", "csm_losses"))
        name = Text(shown(row["csm_name"] or row["csm_email"] or "(none)"))
        grid.add_row(name, f"{row['at_risk']:,}", amount(row["gmv_at_risk"]), *counts, amount(row["revenue_recovered"]))
    return grid


def new_grid(first: str, *columns: str, title: str | None = None) -> Grid:
    grid = Grid(
        title=title and f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
    )
    grid.add_column(first, no_wrap=True)
    for column in columns:
        grid.add_column(column, justify="right", no_wrap=True)
    return grid


def _sums(figure: Document) -> tuple[str, str, str]:
    return f"{figure['accounts']:,}", amount(figure["gmv"]), amount(figure["revenue"])


def amount(value: str | int) -> str:
    """Whole units up to ten million; millions and billions above: people compare, scripts take the JSON."""
    number = Decimal(value)
    for limit, divisor, sign in ((10**10, 10**9, "bn"), (10**7, 10**6, "m")):
        if abs(number) >= limit:
            return f"{number / divisor:,.1f} {sign}"
    return f"{number:,.0f}"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"
