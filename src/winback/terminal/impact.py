"""What the programme achieved, for whoever has to believe it: figures, and a sentence to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table as Grid
from rich.text import Text

from winback.core.texts import shown
from winback.terminal.kpis import amount, heading, new_grid, points
from winback.terminal.tables import console

Document = dict[str, Any]
# Rows of a table that a person reads; --format json has all.
_MOST = 12
_DAYS = ("1", "3", "7", "14", "30", "60", "90")
_ARMS = {"messaged": "messaged", "held_out": "held out"}
_NO_HOLDOUT = (
    "No account is held out, so that nobody knows how many would have come back without a message: `[cases] holdout ="
    " 0.1` in winback.toml holds out one in ten from now on."
)
_VERDICTS = {
    "more came back": "More of those messaged came back than chance explains.",
    "fewer came back": "Fewer of those messaged came back than chance explains: the messages do harm.",
    "no clear difference": "There are as many cases as planned, and the difference may be chance.",
}


def print_impact(document: Document) -> None:
    out = console()
    out.print(Text(heading(document, f"Impact at {document['at']}"), style="bold"))
    for part in (*_comparison(document["impact"]), *_value(document), *_curves(document["curves"])):
        out.print(part)
    for part in (*_cohorts(document["cohorts"]), *_lasting(document)):
        out.print(part)


def _comparison(impact: Document) -> Iterator[Grid | Text]:
    grid = new_grid("", "cases", "back", "share", title="Back within 30 days, of the cases at least that old")
    for name, title in _ARMS.items():
        arm = impact["arms"][name]
        grid.add_row(title, f"{arm['cases']:,}", f"{arm['recovered']:,}", percent(arm["share"]))
    if impact["verdict"] != "no holdout":
        yield grid
    if impact["lift"] is not None:
        low, high = points(impact["low"]), points(impact["high"])
        yield Text(f"difference {points(impact['lift'])} points, 95 % interval {low} to {high}")
    yield Text(_verdict(impact))
    first = impact["first_cases"]
    if first["lift"] is not None and first["holdout"] + first["messaged"] < impact["holdout"] + impact["messaged"]:
        low, high = points(first["low"]), points(first["high"])
        yield Text(f"Counting each account's first case alone: {points(first['lift'])} points, {low} to {high}.")


def _verdict(impact: Document) -> str:
    if impact["verdict"] == "no holdout":
        return _NO_HOLDOUT
    if impact["verdict"] != "too few cases to say":
        return _VERDICTS[impact["verdict"]]
    needed = impact["needed"]
    if needed is None:
        return "Too few cases to say: none with a holdout is 30 days old."
    missing = [
        f"{needed[f'{name}_missing']:,} {title}"
        for name, title in (("holdout", "held-out"), ("messaged", "messaged"))
        if needed[f"{name}_missing"]
    ]
    return f"Too few cases to say: {' and '.join(missing)} cases are still needed, at least 30 days old."


def _value(document: Document) -> Iterator[Grid | Text]:
    value = document["value"]
    grid = new_grid("", "accounts", "revenue", title="Value recovered, in three ways that are not to be added")
    grid.add_row("observed: all win-backs", *_worth(value["observed"]))
    grid.add_row("verified: won by a CSM whose claim came true", *_worth(value["verified"]))
    added = value["incremental"]
    title = f"incremental: added by messages, of {added['of']['cases']:,} cases"
    if added["revenue"] is None:
        grid.add_row(title, "–", "–")
    else:
        grid.add_row(title, f"{added['accounts']:,.0f}", amount(added["revenue"]))
        grid.add_row("  95 % interval", "", f"{amount(added['low'])} to {amount(added['high'])}")
    yield grid


def _worth(figure: Document) -> tuple[str, str]:
    return f"{figure['accounts']:,}", amount(figure["revenue"])


def _curves(curves: Document) -> Iterator[Grid | Text]:
    if not curves["all"]["cases"]:
        return
    grid = new_grid("", "cases", *(f"day {day}" for day in _DAYS), "half by", title="Share that is back by")
    grid.add_row("all", *_curve(curves["all"]))
    for name, curve in curves["by_arm"].items():
        grid.add_row(_ARMS[name], *_curve(curve))
    regions = [(f"region {shown(name) or '(none)'}", curve) for name, curve in curves["by_region"].items()]
    csms = [(shown(each["csm_name"] or each["csm_email"] or "(no CSM)"), each) for each in curves["by_csm"]]
    for rows in (regions, csms):
        for name, curve in sorted(rows, key=lambda row: -row[1]["cases"])[:_MOST]:
            grid.add_row(Text(name), *_curve(curve))
    yield grid
    yield from _left_out(regions, csms)


def _left_out(*tables: Sequence[object]) -> Iterator[Text]:
    hidden = sum(max(0, len(rows) - _MOST) for rows in tables)
    if hidden:
        yield Text(f"{hidden:,} more with fewer cases: --format json has them.")


def _curve(curve: Document) -> tuple[str, ...]:
    half = "–" if curve["median_days"] is None else f"day {curve['median_days']}"
    return f"{curve['cases']:,}", *(percent(curve["by_day"][day]) for day in _DAYS), half


def _cohorts(cohorts: Sequence[Document]) -> Iterator[Grid | Text]:
    if not cohorts:
        return
    grid = new_grid(
        "week from",
        "churns",
        "back",
        "in 7 d",
        "in 30 d",
        "in 90 d",
        "revenue",
        "recovered",
        title="By week of the churn",
    )
    for each in cohorts[-_MOST:]:
        shares = (percent(each[f"within_{days}_days"]) for days in (7, 30, 90))
        sums = amount(each["revenue"]), amount(each["revenue_recovered"])
        grid.add_row(each["week"], f"{each['cases']:,}", f"{each['recovered']:,}", *shares, *sums)
    yield grid
    if len(cohorts) > _MOST:
        yield Text(f"{len(cohorts) - _MOST:,} earlier weeks: --format json has them.")


def _lasting(document: Document) -> Iterator[Grid | Text]:
    grid = new_grid("", "win-backs", "still enabled", "share", title="What lasts, and what CSMs say")
    for days in (30, 90):
        found = document["still_enabled"][f"after_{days}_days"]
        grid.add_row(f"after {days} days", f"{found['win_backs']:,}", f"{found['enabled']:,}", percent(found["share"]))
    yield grid
    useful = document["usefulness"]
    share = percent(useful["useful"] / useful["answered"]) if useful["answered"] else "–"
    yield Text(f"{useful['useful']:,} of {useful['answered']:,} answers call a message useful ({share}).")


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
