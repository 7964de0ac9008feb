"""What happened in a period, and month by month, as tables for people."""

from __future__ import annotations

from rich.text import Text

from winback.terminal.kpis import Document, amount, credit_title, heading, new_grid, sums
from winback.terminal.tables import console

_KINDS = {
    "churns": "Churns",
    "win_backs": "Win-backs",
    "new_adoptions": "New adoptions",
    "losses": "Losses",
}
_CREDITS = {
    "win_backs": ("csm_true_wins", "assisted_wins", "self_service_wins"),
    "losses": ("csm_losses", "csm_true_losses", "self_service_losses"),
}


def print_period(document: Document) -> None:
    out = console()
    out.print(Text(heading(document, f"From {document['from']} until before {document['to']}"), style="bold"))
    grid = new_grid("", "accounts", "GMV", "revenue")
    for name, title in _KINDS.items():
        grid.add_row(title, *sums(document[name]))
        for credit in _CREDITS.get(name, ()) if document[name]["accounts"] else ():
            grid.add_row(f"  {credit_title(credit)}", *sums(document["credit"][credit]))
        if name == "win_backs":
            grid.add_row("  of these churned again since", *sums(document["win_backs"]["rechurned"]))
    out.print(grid)


def print_months(document: Document) -> None:
    out = console()
    out.print(Text(heading(document, "Month by month"), style="bold"))
    columns = (
        "churns",
        "losses",
        "new",
        "win-backs",
        "by CSMs",
        "assisted",
        "self-service",
        "recovered",
        "of it by CSMs",
    )
    grid = new_grid("", *columns)
    for month in document["months"]:
        kinds = (month[name] for name in ("churns", "losses", "new_adoptions", "win_backs"))
        credits = (month["credit"][name] for name in _CREDITS["win_backs"])
        counts = [f"{part['accounts']:,}" for part in (*kinds, *credits)]
        grid.add_row(month["month"], *counts, amount(month["win_backs"]["revenue"]), amount(month["csm_revenue"]))
    out.print(grid)
