"""The KPI document as tables for people: bands side by side, in and within."""

from __future__ import annotations

from collections.abc import Iterator
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
    out.print(Text(f"\n{_impact(document['impact'])}"))
    for grid in _doings(document):
        out.print(grid)


def _doings(document: Document) -> Iterator[Grid]:
    """What CSMs said and did, as far as they have."""
    if document["claims"]["made"]:
        yield _claims(document["claims"])
    yield _durations(document)
    if document["engage_hours"]["count"]:
        yield _engaged_by_region(document["engage_hours"])
    if document["usefulness"]["answered"]:
        yield _usefulness(document["usefulness"])
    if document["by_csm"]:
        yield _by_csm(document["by_csm"])
    if any(map(_has_done_something, document["by_csm"])):
        yield _done_by_csm(document["by_csm"])


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
        grid.add_row(title, *sums(document[name]))
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
        grid.add_row(credit_title(name), *sums(figure), share(figure["accounts"], of))
    return grid


def credit_title(name: str) -> str:
    return name.replace("_", " ").replace("csm", "CSM").replace("self service", "self-service")


def _claims(claims: Document) -> Grid:
    """The four ways a case can go, and what came of all claims."""
    grid = new_grid(
        "", "back", "not back", "can still come true", title="Accounts claimed as won, beside those that are back"
    )
    claimed, unclaimed = claims["claimed"], claims["unclaimed"]
    grid.add_row("claimed", *(f"{claimed[way]['accounts']:,}" for way in ("recovered", "not_recovered", "pending")))
    grid.add_row("not claimed", *(f"{unclaimed[way]['accounts']:,}" for way in ("recovered", "not_recovered")), "")
    won = claims["won"]
    precision = percent(claims["precision"])
    grid.add_row(
        f"of {claims['made']:,} claims", f"{won['true']:,} true", f"{won['false']:,} false", f"{precision} true"
    )
    return grid


def _durations(document: Document) -> Grid:
    grid = new_grid("", "count", "median", "mean", "within 24 h", "48 h", "72 h", title="Hours")
    engage = document["engage_hours"]
    rows = {
        "since the churn, at risk": document["time_since_churn_hours"],
        "turnover, win-backs": document["turnover_hours"],
        "to engage, from the churn": engage,
        "  from the first message": engage["from_message"],
        "  in working hours": engage["working"],
        "  from the first message, in working hours": engage["working_from_message"],
    }
    for title, found in rows.items():
        if not title.startswith(" ") or found["count"]:
            grid.add_row(
                title, f"{found['count']:,}", *(hours(found[each]) for each in ("median", "mean")), *_within(found)
            )
    return grid


def _within(found: Document) -> list[str]:
    return [percent(found[f"within_{limit}h"]) if f"within_{limit}h" in found else "" for limit in (24, 48, 72)]


def _engaged_by_region(engage: Document) -> Grid:
    grid = new_grid("", "count", "median", "mean", "within 24 h", "48 h", "72 h", title="Hours to engage by region")
    for region, found in engage["by_region"].items():
        if not found["count"]:
            continue
        lengths = (hours(found[each]) for each in ("median", "mean"))
        grid.add_row(Text(shown(region) or "(none)"), f"{found['count']:,}", *lengths, *_within(found))
    return grid


def _usefulness(useful: Document) -> Grid:
    grid = new_grid("", "answered", "useful", "share", title="Were the messages useful?")
    parts = {"all": useful, **useful["by_stage"], **useful["by_month"]}
    for name, part in parts.items():
        grid.add_row(name.replace("_", " "), f"{part['answered']:,}", f"{part['useful']:,}", percent(part["share"]))
    return grid


def _impact(impact: Document) -> str:
    """In a line; `winback impact` has the rest."""
    if impact["lift"] is None:
        return f"Impact: {impact['verdict']}"
    low, high = points(impact["low"]), points(impact["high"])
    arms = f"{impact['messaged']:,} messaged and {impact['holdout']:,} held-out cases of at least 30 days"
    return f"Impact: {impact['verdict']}; {points(impact['lift'])} points, {low} to {high}, of {arms}"


def points(share: float) -> str:
    """Of a hundred, with its sign."""
    return f"{100 * share:+.1f}".replace("-", "−")


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
        grid.add_row(
            _name(row), f"{row['at_risk']:,}", amount(row["gmv_at_risk"]), *counts, amount(row["revenue_recovered"])
        )
    return grid


def _done_by_csm(rows: list[Document]) -> Grid:
    """What each has said and done."""
    columns = ("hours to engage", "within 24 h", "48 h", "72 h", "claims", "came true", "answered", "useful")
    grid = new_grid("", *columns, title="By CSM: how soon, how right, how useful")
    for row in rows:
        engage = row["engage_hours"]
        if _has_done_something(row):
            said = (f"{row['claims']:,}", percent(row["precision"]), f"{row['answered']:,}", f"{row['useful']:,}")
            grid.add_row(_name(row), hours(engage["median"]), *_within(engage), *said)
    return grid


def _has_done_something(row: Document) -> bool:
    return bool(row["claims"] or row["answered"] or row["engage_hours"]["count"])


def _name(row: Document) -> Text:
    return Text(shown(row["csm_name"] or row["csm_email"] or "(none)"))


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


def sums(figure: Document) -> tuple[str, str, str]:
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


def percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.0f} %"


def hours(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"
